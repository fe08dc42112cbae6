# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = (X - mean) / sqrt(variance + EPS) * W + B, with the moments of each of G groups of channels.

X is batches x channels x positions. A group is read twice; the second time it comes from the cache.
"""
from kcc import *

B, C, S = sizes("B", "C", "S")
T = f32  # another element type: -D T=bf16
EPS = 1e-5


def middle(a, b, c):
    return maximum(minimum(a, b), minimum(maximum(a, b), c))


@kernel
def group_norm(X: Tensor[B, C, S, T], W: Tensor[C, T], Bias: Tensor[C, T], Y: Tensor[B, C, S, T],
               G: const = 32, BS: const = 2048):
    assert C % G == 0, "groups have as many channels as each other"
    b, g = grid(B, G)
    channels = C // G
    first = g * channels
    steps = cdiv(S, BS)
    near = middle(X[b, first, 0].to(f32), X[b, first + channels // 2, S // 2].to(f32),
                  X[b, first + channels - 1, S - 1].to(f32))
    total, squares = zeros([BS], f32), zeros([BS], f32)
    for i in range(0, channels * steps):
        c, s = first + i // steps, i % steps * BS
        d = where(s + arange(BS) < S, X[b, c, s:s+BS].to(f32) - near, 0.0)
        total += d
        squares += d * d
    mean = sum(total) / (channels * S)
    scale = rsqrt(maximum(sum(squares) / (channels * S) - mean * mean, 0.0) + EPS)
    for i in range(0, channels * steps):
        c, s = first + i // steps, i % steps * BS
        factor = W[c].to(f32) * scale
        Y[b, c, s:s+BS] = (X[b, c, s:s+BS].to(f32) - near - mean) * factor + Bias[c].to(f32)
