# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""global_sum.py in Triton's spelling.

kcc compile examples/triton/global_sum.py --signature "x_ptr:*f32:16, y_ptr:*f32:16, n:i32" -D BLOCK=4096
"""
import triton
import triton.language as tl


@triton.jit
def global_sum(x_ptr, y_ptr, n, BLOCK: tl.constexpr):
    offsets = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(x_ptr + offsets, mask=offsets < n, other=0.0).to(tl.float32)
    tl.atomic_add(y_ptr, tl.sum(x, axis=0), sem="relaxed")
