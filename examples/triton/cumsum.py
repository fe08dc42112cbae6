# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""cumsum.py in Triton's spelling, one program for each row of at most BLOCK elements.

kcc compile examples/triton/cumsum.py --signature "x_ptr:*bf16:16, y_ptr:*bf16:16, n_cols:i32:16" -D BLOCK=4096
"""
import triton
import triton.language as tl


@triton.jit
def row_cumsum(x_ptr, y_ptr, n_cols, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    cols = tl.arange(0, BLOCK)
    mask = cols < n_cols
    x = tl.load(x_ptr + row * n_cols + cols, mask=mask, other=0.0).to(tl.float32)
    tl.store(y_ptr + row * n_cols + cols, tl.cumsum(x, axis=0), mask=mask)
