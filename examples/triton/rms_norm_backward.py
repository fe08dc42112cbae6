# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""rms_norm_backward.py in Triton's spelling; the forward kernel has kept 1 / sqrt(mean(x^2) + eps) of each row.

kcc compile examples/triton/rms_norm_backward.py --signature "x_ptr:*bf16:16, w_ptr:*bf16:16, dy_ptr:*bf16:16, dx_ptr:*bf16:16, rstd_ptr:*f32:16, part_ptr:*f32:16, dw_ptr:*bf16:16, n_rows:i32, n_cols:i32:16, n_parts:i32" -D BLOCK=4096 -D BLOCK_P=16 -D BLOCK_N=64
"""
import triton
import triton.language as tl


@triton.jit
def rms_norm_backward(x_ptr, w_ptr, dy_ptr, dx_ptr, rstd_ptr, part_ptr, n_rows, n_cols, BLOCK: tl.constexpr):
    program = tl.program_id(0)
    cols = tl.arange(0, BLOCK)
    mask = cols < n_cols
    w = tl.load(w_ptr + cols, mask=mask, other=0.0).to(tl.float32)
    dw = tl.zeros([BLOCK], tl.float32)
    for row in range(program, n_rows, tl.num_programs(0)):
        offset = row.to(tl.int64) * n_cols
        x = tl.load(x_ptr + offset + cols, mask=mask, other=0.0).to(tl.float32)
        dy = tl.load(dy_ptr + offset + cols, mask=mask, other=0.0).to(tl.float32)
        rstd = tl.load(rstd_ptr + row)
        normalized = x * rstd
        wdy = w * dy
        along = tl.sum(normalized * wdy, axis=0) / n_cols
        tl.store(dx_ptr + offset + cols, (wdy - normalized * along) * rstd, mask=mask)
        dw += dy * normalized
    tl.store(part_ptr + program * n_cols + cols, dw, mask=mask)


@triton.jit
def sum_parts(part_ptr, dw_ptr, n_parts, n_cols, BLOCK_P: tl.constexpr, BLOCK_N: tl.constexpr):
    cols = tl.program_id(0) * BLOCK_N + tl.arange(0, BLOCK_N)
    dw = tl.zeros((BLOCK_P, BLOCK_N), dtype=tl.float32)
    for start in range(0, n_parts, BLOCK_P):
        parts = start + tl.arange(0, BLOCK_P)
        mask = (parts[:, None] < n_parts) & (cols[None, :] < n_cols)
        dw += tl.load(part_ptr + parts[:, None] * n_cols + cols[None, :], mask=mask, other=0.0)
    tl.store(dw_ptr + cols, tl.sum(dw, axis=0), mask=cols < n_cols)
