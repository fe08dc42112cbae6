# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""column_sum.py in Triton's spelling; the grid is (ceil(n_cols / BLOCK_N), ceil(n_rows / ROWS)).

kcc compile examples/triton/column_sum.py --signature "x_ptr:*f32:16, y_ptr:*f32:16, n_rows:i32, n_cols:i32:16" \
  -D BLOCK_M=16 -D BLOCK_N=128 -D ROWS=256
"""
import triton
import triton.language as tl


@triton.jit
def column_sum(x_ptr, y_ptr, n_rows, n_cols, BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr, ROWS: tl.constexpr):
    cols = tl.program_id(0) * BLOCK_N + tl.arange(0, BLOCK_N)
    first = tl.program_id(1) * ROWS
    acc = tl.zeros([BLOCK_M, BLOCK_N], tl.float32)
    for start in range(0, ROWS, BLOCK_M):
        rows = first + start + tl.arange(0, BLOCK_M)
        mask = (rows < n_rows)[:, None] & (cols < n_cols)[None, :]
        acc += tl.load(x_ptr + rows.to(tl.int64)[:, None] * n_cols + cols[None, :], mask=mask, other=0.0).to(tl.float32)
    tl.atomic_add(y_ptr + cols, tl.sum(acc, axis=0), mask=cols < n_cols, sem="relaxed")
