# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""embedding_backward.py in Triton's spelling; the grid is (ceil(n_rows / BLOCK_N), ceil(n_cols / BLOCK_D)).

kcc compile examples/triton/embedding_backward.py -D BLOCK_N=4 -D BLOCK_D=256 --signature \
  "index_ptr:*i32:16, dy_ptr:*f32:16, dw_ptr:*f32:16, n_rows:i32, n_cols:i32:16, n_table:i32"
"""
import triton
import triton.language as tl


@triton.jit
def embedding_backward(index_ptr, dy_ptr, dw_ptr, n_rows, n_cols, n_table,
                       BLOCK_N: tl.constexpr, BLOCK_D: tl.constexpr):
    rows = tl.program_id(0) * BLOCK_N + tl.arange(0, BLOCK_N)
    cols = tl.program_id(1) * BLOCK_D + tl.arange(0, BLOCK_D)
    index = tl.load(index_ptr + rows, mask=rows < n_rows, other=-1)
    mask = ((index >= 0) & (index < n_table))[:, None] & (cols < n_cols)[None, :]
    dy = tl.load(dy_ptr + rows.to(tl.int64)[:, None] * n_cols + cols[None, :], mask=mask, other=0.0).to(tl.float32)
    tl.atomic_add(dw_ptr + index.to(tl.int64)[:, None] * n_cols + cols[None, :], dy, mask=mask, sem="relaxed")
