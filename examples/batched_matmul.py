# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""C[b] = A[b] B[b] for each matrix of a batch, with sums in f32."""
from kcc import *

B, M, N, K = sizes("B", "M", "N", "K")
T = f16  # another element type: -D T=bf16


@kernel
def batched_gemm(X: Tensor[B, M, K, T], Y: Tensor[B, K, N, T], Z: Tensor[B, M, N, T],
                 BM: const = auto, BN: const = auto, BK: const = auto):
    m, n, b = grid(cdiv(M, BM), cdiv(N, BN), B)
    r, c = m * BM, n * BN
    acc = zeros([BM, BN], f32)
    for k in range(0, K, BK):
        acc = dot(X[b, r:r+BM, k:k+BK], Y[b, k:k+BK, c:c+BN], acc)
    Z[b, r:r+BM, c:c+BN] = acc.to(T)
