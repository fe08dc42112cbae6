# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""linear_recurrence.py in Triton's spelling; one program for each row.

kcc compile examples/triton/linear_recurrence.py -D BLOCK=1024 \
  --signature "a_ptr:*f32:16, b_ptr:*f32:16, h_ptr:*f32:16, n_cols:i32"
"""
import triton
import triton.language as tl


@triton.jit
def compose(a, b, c, d):
    return a * c, b * c + d


@triton.jit
def linear_recurrence(a_ptr, b_ptr, h_ptr, n_cols, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64) * n_cols
    last = tl.arange(0, BLOCK) == BLOCK - 1
    h = 0.0
    for start in range(0, n_cols, BLOCK):
        cols = start + tl.arange(0, BLOCK)
        a = tl.load(a_ptr + row + cols, mask=cols < n_cols, other=0.0).to(tl.float32)
        b = tl.load(b_ptr + row + cols, mask=cols < n_cols, other=0.0).to(tl.float32)
        a, b = tl.associative_scan((a, b), 0, compose)
        whole = a * h + b
        tl.store(h_ptr + row + cols, whole, mask=cols < n_cols)
        h = tl.sum(tl.where(last, whole, 0.0), axis=0)
