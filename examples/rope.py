# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rotary position embedding: element i of a head and element i + D / 2 are turned by the angle of their position.

X is batches x positions x heads x D; Cos and Sin are of the angles of each position. Other sizes of heads: -D D=64.
"""
from kcc import *

B, S, H = sizes("B", "S", "H")
D = 128
T = f32  # another element type: -D T=bf16


@kernel
def rope(X: Tensor[B, S, H, D, T], Cos: Tensor[S, D // 2, f32], Sin: Tensor[S, D // 2, f32], Y: Tensor[B, S, H, D, T],
         BS: const = 1, BH: const = 16):
    # Heads of a position first: programs that run side by side touch memory side by side and share the angles.
    p, s = grid(B * cdiv(H, BH), cdiv(S, BS))
    b, h, s = p // cdiv(H, BH), p % cdiv(H, BH) * BH, s * BS
    cos, sin = Cos[s:s+BS, :][:, None, :], Sin[s:s+BS, :][:, None, :]
    x = X[b, s:s+BS, h:h+BH, 0:D//2].to(f32)
    y = X[b, s:s+BS, h:h+BH, D//2:D].to(f32)
    Y[b, s:s+BS, h:h+BH, 0:D//2] = x * cos - y * sin
    Y[b, s:s+BS, h:h+BH, D//2:D] = y * cos + x * sin
