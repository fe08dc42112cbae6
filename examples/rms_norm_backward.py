# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gradients of rms_norm.py, the same every time.

P programs share the rows and each adds up its part of dW in registers; sum_parts adds the parts. What the forward
kernel knew of a row is computed again, by the reduction that dX needs anyway.
"""
from kcc import *

M, N, P = sizes("M", "N", "P")
T = f32  # another element type: -D T=bf16
EPS = 1e-6


def add(a, b, c, d):
    return a + c, b + d


@kernel
def rms_norm_backward(X: Tensor[M, N, T], W: Tensor[N, T], dY: Tensor[M, N, T], dX: Tensor[M, N, T],
                      Part: Tensor[P, N, f32], BM: const = 1, BN: const = 4096):
    assert N <= BN, "a row must fit one tile"
    p = grid(P)
    w = W[0:BN].to(f32)
    dw = zeros([BM, BN], f32)
    for m in range(p * BM, M, P * BM):
        x, dy = X[m:m+BM, 0:BN].to(f32), dY[m:m+BM, 0:BN].to(f32)
        wdy = dy * w
        squares, along = reduce((x * x, x * wdy), 1, add)
        scale = rsqrt(squares / N + EPS)
        x *= scale[:, None]
        dX[m:m+BM, 0:BN] = (wdy - x * (along * scale / N)[:, None]) * scale[:, None]
        dw += dy * x
    Part[p, 0:BN] = sum(dw, axis=0)


@kernel
def sum_parts(Part: Tensor[P, N, f32], dW: Tensor[N, T], BP: const = 16, BC: const = 64):
    n = grid(cdiv(N, BC)) * BC
    dw = zeros([BP, BC], f32)
    for p in range(0, P, BP):
        dw += Part[p:p+BP, n:n+BC]
    dW[n:n+BC] = sum(dw, axis=0)
