# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""log_softmax.py in Triton's spelling, one program for each row of at most BLOCK elements.

kcc compile examples/triton/log_softmax.py --signature "x_ptr:*bf16:16, y_ptr:*bf16:16, n_cols:i32:16" -D BLOCK=4096
"""
import triton
import triton.language as tl


@triton.jit
def log_softmax(x_ptr, y_ptr, n_cols, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    cols = tl.arange(0, BLOCK)
    mask = cols < n_cols
    x = tl.load(x_ptr + row * n_cols + cols, mask=mask, other=-float("inf")).to(tl.float32)
    x = x - tl.max(x, axis=0)
    tl.store(y_ptr + row * n_cols + cols, x - tl.log(tl.sum(tl.exp(x), axis=0)), mask=mask)
