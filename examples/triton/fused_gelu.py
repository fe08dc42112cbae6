# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""fused_gelu.py in Triton's spelling.

kcc compile examples/triton/fused_gelu.py --signature "x_ptr:*bf16:16, bias_ptr:*bf16:16, r_ptr:*bf16:16, y_ptr:*bf16:16, n_rows:i32, n_cols:i32:16" -D BM=4 -D BN=256
"""
import triton
import triton.language as tl


@triton.jit
def gelu(x):
    return 0.5 * x * (1 + tl.erf(x * 0.7071067811865476))


@triton.jit
def fused_gelu(x_ptr, bias_ptr, r_ptr, y_ptr, n_rows, n_cols, BM: tl.constexpr, BN: tl.constexpr):
    rows = tl.program_id(0) * BM + tl.arange(0, BM)
    cols = tl.program_id(1) * BN + tl.arange(0, BN)
    offsets = rows[:, None] * n_cols + cols[None, :]
    mask = (rows[:, None] < n_rows) & (cols[None, :] < n_cols)
    x = tl.load(x_ptr + offsets, mask=mask).to(tl.float32)
    bias = tl.load(bias_ptr + cols, mask=cols < n_cols).to(tl.float32)
    r = tl.load(r_ptr + offsets, mask=mask).to(tl.float32)
    tl.store(y_ptr + offsets, gelu(x + bias[None, :]) + r, mask=mask)
