# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""histogram.py in Triton's spelling; the grid is ceil(n / (BLOCK * PARTS)).

kcc compile examples/triton/histogram.py --signature "x_ptr:*i32:16, h_ptr:*i32:16, n:i64" -D BLOCK=2048 -D PARTS=8 -D BINS=256
"""
import triton
import triton.language as tl


@triton.jit
def count_values(x_ptr, h_ptr, n, BLOCK: tl.constexpr, PARTS: tl.constexpr, BINS: tl.constexpr):
    first = tl.program_id(0).to(tl.int64) * (BLOCK * PARTS)
    counts = tl.zeros([BINS], tl.int32)
    for part in range(PARTS):
        i = first + part * BLOCK + tl.arange(0, BLOCK)
        x = tl.load(x_ptr + i, mask=i < n, other=0)
        counts += tl.histogram(x, BINS, mask=i < n)
    tl.atomic_add(h_ptr + tl.arange(0, BINS), counts, sem="relaxed")
