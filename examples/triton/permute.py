# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""permute.py in Triton's spelling; the grids are (B, ceil(S / BLOCK_S), ceil(H / BLOCK_H)) and
(I, ceil(J / BLOCK_J), ceil(K / BLOCK_K)).

kcc compile examples/triton/permute.py --kernel heads_first -D BLOCK_S=8 -D BLOCK_H=4 -D BLOCK_D=128 \
  --signature "x_ptr:*f32:16, y_ptr:*f32:16, S:i32, H:i32, D:i32:16"
kcc compile examples/triton/permute.py --kernel last_axis_first -D BLOCK_J=64 -D BLOCK_K=64 \
  --signature "x_ptr:*f32:16, y_ptr:*f32:16, I:i32, J:i32:16, K:i32:16"
"""
import triton
import triton.language as tl


@triton.jit
def heads_first(x_ptr, y_ptr, S, H, D, BLOCK_S: tl.constexpr, BLOCK_H: tl.constexpr, BLOCK_D: tl.constexpr):
    b = tl.program_id(0).to(tl.int64)
    s = tl.program_id(1) * BLOCK_S + tl.arange(0, BLOCK_S)
    h = tl.program_id(2) * BLOCK_H + tl.arange(0, BLOCK_H)
    d = tl.arange(0, BLOCK_D)
    s3 = s[:, None, None].to(tl.int64)
    mask = (s3 < S) & (h[None, :, None] < H) & (d[None, None, :] < D)
    x = tl.load(x_ptr + ((b * S + s3) * H + h[None, :, None]) * D + d[None, None, :], mask=mask)
    h3 = h[:, None, None].to(tl.int64)
    mask = (h3 < H) & (s[None, :, None] < S) & (d[None, None, :] < D)
    tl.store(y_ptr + ((b * H + h3) * S + s[None, :, None]) * D + d[None, None, :], tl.permute(x, (1, 0, 2)), mask=mask)


@triton.jit
def last_axis_first(x_ptr, y_ptr, I, J, K, BLOCK_J: tl.constexpr, BLOCK_K: tl.constexpr):
    i = tl.program_id(0).to(tl.int64)
    j = (tl.program_id(1) * BLOCK_J + tl.arange(0, BLOCK_J)).to(tl.int64)
    k = (tl.program_id(2) * BLOCK_K + tl.arange(0, BLOCK_K)).to(tl.int64)
    x = tl.load(x_ptr + (i * J + j[:, None]) * K + k[None, :], mask=(j < J)[:, None] & (k < K)[None, :])
    tl.store(y_ptr + (k[:, None] * I + i) * J + j[None, :], tl.trans(x), mask=(k < K)[:, None] & (j < J)[None, :])
