# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""layer_norm_backward.py in Triton's spelling; the forward kernel has kept mean and 1 / deviation of each row.

kcc compile examples/triton/layer_norm_backward.py --signature "x_ptr:*bf16:16, w_ptr:*bf16:16, dy_ptr:*bf16:16, dx_ptr:*bf16:16, mean_ptr:*f32:16, rstd_ptr:*f32:16, part_w_ptr:*f32:16, part_b_ptr:*f32:16, dw_ptr:*bf16:16, db_ptr:*bf16:16, n_rows:i32, n_cols:i32:16, n_parts:i32" -D BLOCK=4096 -D BLOCK_P=16 -D BLOCK_N=64
"""
import triton
import triton.language as tl


@triton.jit
def layer_norm_backward(x_ptr, w_ptr, dy_ptr, dx_ptr, mean_ptr, rstd_ptr, part_w_ptr, part_b_ptr, n_rows, n_cols,
                        BLOCK: tl.constexpr):
    program = tl.program_id(0)
    cols = tl.arange(0, BLOCK)
    mask = cols < n_cols
    w = tl.load(w_ptr + cols, mask=mask, other=0.0).to(tl.float32)
    dw = tl.zeros([BLOCK], tl.float32)
    db = tl.zeros([BLOCK], tl.float32)
    for row in range(program, n_rows, tl.num_programs(0)):
        offset = row.to(tl.int64) * n_cols
        x = tl.load(x_ptr + offset + cols, mask=mask, other=0.0).to(tl.float32)
        dy = tl.load(dy_ptr + offset + cols, mask=mask, other=0.0).to(tl.float32)
        mean = tl.load(mean_ptr + row)
        rstd = tl.load(rstd_ptr + row)
        normalized = tl.where(mask, (x - mean) * rstd, 0.0)
        wdy = w * dy
        along = tl.sum(normalized * wdy, axis=0) / n_cols
        slope = tl.sum(wdy, axis=0) / n_cols
        tl.store(dx_ptr + offset + cols, (wdy - slope - normalized * along) * rstd, mask=mask)
        dw += dy * normalized
        db += dy
    tl.store(part_w_ptr + program * n_cols + cols, dw, mask=mask)
    tl.store(part_b_ptr + program * n_cols + cols, db, mask=mask)


@triton.jit
def sum_part_pairs(part_w_ptr, part_b_ptr, dw_ptr, db_ptr, n_parts, n_cols, BLOCK_P: tl.constexpr, BLOCK_N: tl.constexpr):
    cols = tl.program_id(0) * BLOCK_N + tl.arange(0, BLOCK_N)
    dw = tl.zeros((BLOCK_P, BLOCK_N), dtype=tl.float32)
    db = tl.zeros((BLOCK_P, BLOCK_N), dtype=tl.float32)
    for start in range(0, n_parts, BLOCK_P):
        parts = start + tl.arange(0, BLOCK_P)
        mask = (parts[:, None] < n_parts) & (cols[None, :] < n_cols)
        offsets = parts[:, None] * n_cols + cols[None, :]
        dw += tl.load(part_w_ptr + offsets, mask=mask, other=0.0)
        db += tl.load(part_b_ptr + offsets, mask=mask, other=0.0)
    tl.store(dw_ptr + cols, tl.sum(dw, axis=0), mask=cols < n_cols)
    tl.store(db_ptr + cols, tl.sum(db, axis=0), mask=cols < n_cols)
