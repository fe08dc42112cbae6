# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""softmax.py in Triton's spelling, for rows of at most BLOCK elements.

kcc compile examples/triton/softmax.py --signature "x_ptr:*f32:16, y_ptr:*f32:16, n_cols:i32" -D BLOCK=4096
"""
import triton
import triton.language as tl


@triton.jit
def softmax(x_ptr, y_ptr, n_cols, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    cols = tl.arange(0, BLOCK)
    mask = cols < n_cols
    x = tl.load(x_ptr + row * n_cols + cols, mask=mask, other=-float("inf")).to(tl.float32)
    e = tl.exp(x - tl.max(x, axis=0))
    tl.store(y_ptr + row * n_cols + cols, e / tl.sum(e, axis=0), mask=mask)
