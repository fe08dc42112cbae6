# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gradients of layer_norm.py, the same every time.

P programs share the rows and each adds up its part of dW and dB in registers; sum_part_pairs adds the parts. The moments of a
row and what dX needs besides come from one reduction of four sums.
"""
from kcc import *

M, N, P = sizes("M", "N", "P")
T = f32  # another element type: -D T=bf16
EPS = 1e-5


def middle(a, b, c):
    return maximum(minimum(a, b), minimum(maximum(a, b), c))


def add(a, b, c, d, e, f, g, h):
    return a + e, b + f, c + g, d + h


@kernel
def layer_norm_backward(X: Tensor[M, N, T], W: Tensor[N, T], dY: Tensor[M, N, T], dX: Tensor[M, N, T],
                        PartW: Tensor[P, N, f32], PartB: Tensor[P, N, f32], BM: const = 1, BN: const = 4096):
    assert N <= BN, "a row must fit one tile"
    p = grid(P)
    inside = arange(BN) < N
    w = W[0:BN].to(f32)
    dw, db = zeros([BM, BN], f32), zeros([BM, BN], f32)
    for m in range(p * BM, M, P * BM):
        x, dy = X[m:m+BM, 0:BN].to(f32), dY[m:m+BM, 0:BN].to(f32)
        near = middle(X[m:m+BM, 0].to(f32), X[m:m+BM, N // 2].to(f32), X[m:m+BM, N - 1].to(f32))
        d = where(inside, x - near[:, None], 0.0)
        wdy = dy * w
        total, squares, slope, along = reduce((d, d * d, wdy, wdy * d), 1, add)
        mean, slope = total / N, slope / N
        scale = rsqrt(maximum(squares / N - mean * mean, 0.0) + EPS)
        along = (along / N - mean * slope) * scale
        x = (d - mean[:, None]) * scale[:, None]
        dX[m:m+BM, 0:BN] = (wdy - slope[:, None] - x * along[:, None]) * scale[:, None]
        dw += dy * x
        db += dy
    PartW[p, 0:BN] = sum(dw, axis=0)
    PartB[p, 0:BN] = sum(db, axis=0)


@kernel
def sum_part_pairs(PartW: Tensor[P, N, f32], PartB: Tensor[P, N, f32], dW: Tensor[N, T], dB: Tensor[N, T],
                   BP: const = 16, BC: const = 64):
    n = grid(cdiv(N, BC)) * BC
    dw, db = zeros([BP, BC], f32), zeros([BP, BC], f32)
    for p in range(0, P, BP):
        dw += PartW[p:p+BP, n:n+BC]
        db += PartB[p:p+BP, n:n+BC]
    dW[n:n+BC] = sum(dw, axis=0)
    dB[n:n+BC] = sum(db, axis=0)
