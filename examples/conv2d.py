# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""2-D convolution of images [N, H, W, C] with filters [K, R, S, C] as a matrix product: the rows are the pixels of the
result [N, P, Q, K], and each step of the sum gathers one pixel of the patch around each of them. What lies outside of the
image reads as zero, which is the padding."""
from kcc import *

N, H, W, C, K, R, S, P, Q = sizes("N", "H", "W", "C", "K", "R", "S", "P", "Q")
T = f16  # another element type: -D T=bf16


@kernel
def conv2d(X: Tensor[N, H, W, C, T], F: Tensor[K, R, S, C, T], Y: Tensor[N, P, Q, K, T],
           STRIDE: const = 1, PAD: const = 1, BM: const = 64, BK: const = 64, BC: const = 32):
    m, k = grid(cdiv(N * P * Q, BM), cdiv(K, BK))
    k = k * BK
    pixel = m * BM + arange(BM)
    n, p, q = pixel // (P * Q), pixel // Q % P, pixel % Q
    acc = zeros([BM, BK], f32)
    for r in range(0, R):
        for s in range(0, S):
            y, x = p * STRIDE + r - PAD, q * STRIDE + s - PAD
            for c in range(0, C, BC):
                acc = dot(X[n, y, x, c:c+BC], F[k:k+BK, r, s, c:c+BC].T, acc)
    Y[n, p, q, k:k+BK] = acc.to(T)
