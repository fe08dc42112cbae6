# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""transpose.py in Triton's spelling.

kcc compile examples/triton/transpose.py --signature "x_ptr:*f32:16, y_ptr:*f32:16, m:i32, n:i32" -D BM=64 -D BN=64
"""
import triton
import triton.language as tl


@triton.jit
def transpose(x_ptr, y_ptr, m, n, BM: tl.constexpr, BN: tl.constexpr):
    rows = tl.program_id(0) * BM + tl.arange(0, BM)
    cols = tl.program_id(1) * BN + tl.arange(0, BN)
    inside = (rows[:, None] < m) & (cols[None, :] < n)
    x = tl.load(x_ptr + rows[:, None] * n + cols[None, :], mask=inside)
    tl.store(y_ptr + cols[:, None] * m + rows[None, :], tl.trans(x), mask=tl.trans(inside))
