# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""embedding.py in Triton's spelling; the grid is (ceil(n_rows / BLOCK_N), ceil(n_cols / BLOCK_D)).

kcc compile examples/triton/embedding.py -D BLOCK_N=4 -D BLOCK_D=512 --signature \
  "index_ptr:*i32:16, w_ptr:*f32:16, y_ptr:*f32:16, n_rows:i32, n_cols:i32:16, n_table:i32"
"""
import triton
import triton.language as tl


@triton.jit
def embedding(index_ptr, w_ptr, y_ptr, n_rows, n_cols, n_table, BLOCK_N: tl.constexpr, BLOCK_D: tl.constexpr):
    rows = tl.program_id(0) * BLOCK_N + tl.arange(0, BLOCK_N)
    cols = tl.program_id(1) * BLOCK_D + tl.arange(0, BLOCK_D)
    index = tl.load(index_ptr + rows, mask=rows < n_rows, other=-1)
    in_table = (index >= 0) & (index < n_table)
    col_mask = (cols < n_cols)[None, :]
    w = tl.load(w_ptr + index.to(tl.int64)[:, None] * n_cols + cols[None, :], mask=in_table[:, None] & col_mask, other=0.0)
    tl.store(y_ptr + rows.to(tl.int64)[:, None] * n_cols + cols[None, :], w, mask=(rows < n_rows)[:, None] & col_mask)
