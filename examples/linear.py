# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = gelu(X W' + B), gelu(y) = y sigmoid(1.702 y): a layer with its weights row by row of outputs, all in one kernel."""
from kcc import *

M, N, K = sizes("M", "N", "K")
T = bf16  # another element type: -D T=f16


@kernel
def linear(X: Tensor[M, K, T], W: Tensor[N, K, T], B: Tensor[N, T], Y: Tensor[M, N, T],
           BM: const = auto, BN: const = auto, BK: const = auto):
    m, n = grid(cdiv(M, BM), cdiv(N, BN))
    r, c = m * BM, n * BN
    acc = zeros([BM, BN], f32)
    for k in range(0, K, BK):
        acc = dot(X[r:r+BM, k:k+BK], W[c:c+BN, k:k+BK].T, acc)
    y = acc + B[c:c+BN].to(f32)[None, :]
    Y[r:r+BM, c:c+BN] = (y * sigmoid(1.702 * y)).to(T)
