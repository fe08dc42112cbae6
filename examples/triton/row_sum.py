# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""row_sum.py in Triton's spelling.

kcc compile examples/triton/row_sum.py --signature "x_ptr:*f32:16, y_ptr:*f32:16, n_cols:i32" -D BLOCK=2048
"""
import triton
import triton.language as tl


@triton.jit
def row_sum(x_ptr, y_ptr, n_cols, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    cols = tl.arange(0, BLOCK)
    acc = tl.zeros([BLOCK], tl.float32)
    for start in range(0, n_cols, BLOCK):
        acc += tl.load(x_ptr + row * n_cols + start + cols, mask=start + cols < n_cols, other=0.0).to(tl.float32)
    tl.store(y_ptr + row, tl.sum(acc, axis=0))
