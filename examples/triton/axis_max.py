# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""axis_max.py in Triton's spelling; the grid is (A, ceil(B / BLOCK_B)).

kcc compile examples/triton/axis_max.py --signature "x_ptr:*f32:16, y_ptr:*f32:16, n:i32, b:i32:16" -D BLOCK_N=16 -D BLOCK_B=128
"""
import triton
import triton.language as tl


@triton.jit
def axis_max(x_ptr, y_ptr, n, b, BLOCK_N: tl.constexpr, BLOCK_B: tl.constexpr):
    a = tl.program_id(0).to(tl.int64)
    behind = tl.program_id(1) * BLOCK_B + tl.arange(0, BLOCK_B)
    acc = tl.full([BLOCK_N, BLOCK_B], -float("inf"), tl.float32)
    for start in range(0, n, BLOCK_N):
        along = start + tl.arange(0, BLOCK_N)
        mask = (along < n)[:, None] & (behind < b)[None, :]
        x = tl.load(x_ptr + (a * n + along[:, None]) * b + behind[None, :], mask=mask, other=-float("inf"))
        acc = tl.maximum(acc, x.to(tl.float32))
    tl.store(y_ptr + a * b + behind, tl.max(acc, axis=0), mask=behind < b)
