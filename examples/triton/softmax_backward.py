# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""softmax_backward.py in Triton's spelling; LOG chooses between softmax and log-softmax.

kcc compile examples/triton/softmax_backward.py --signature "y_ptr:*bf16:16, dy_ptr:*bf16:16, dx_ptr:*bf16:16, n_cols:i32:16" -D BLOCK=4096 -D LOG=False
"""
import triton
import triton.language as tl


@triton.jit
def softmax_backward(y_ptr, dy_ptr, dx_ptr, n_cols, BLOCK: tl.constexpr, LOG: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    cols = tl.arange(0, BLOCK)
    mask = cols < n_cols
    y = tl.load(y_ptr + row * n_cols + cols, mask=mask, other=0.0).to(tl.float32)
    dy = tl.load(dy_ptr + row * n_cols + cols, mask=mask, other=0.0).to(tl.float32)
    if LOG:
        dx = dy - tl.exp(y) * tl.sum(dy, axis=0)
    else:
        dx = y * (dy - tl.sum(y * dy, axis=0))
    tl.store(dx_ptr + row * n_cols + cols, dx, mask=mask)
