# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""sort.py in Triton's spelling; one program for each row.

kcc compile examples/triton/sort.py --signature "x_ptr:*f32:16, y_ptr:*f32:16, n_cols:i32" -D BLOCK=1024
"""
import triton
import triton.language as tl


@triton.jit
def sort_rows(x_ptr, y_ptr, n_cols, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    cols = tl.arange(0, BLOCK)
    x = tl.load(x_ptr + row * n_cols + cols, mask=cols < n_cols, other=float("nan"))
    tl.store(y_ptr + row * n_cols + cols, tl.sort(x), mask=cols < n_cols)
