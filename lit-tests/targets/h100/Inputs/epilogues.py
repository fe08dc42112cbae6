# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products and what is done with them before they are stored; of many products; of factors that lie the other way."""
from kcc import *

S, M, N, K = sizes("S", "M", "N", "K")


@kernel
def residual(A: Tensor[M, K, bf16], B: Tensor[K, N, bf16], R: Tensor[M, N, bf16], C: Tensor[M, N, bf16],
             BM: const = 128, BN: const = 256, BK: const = 64):
    m, n = grid(cdiv(M, BM), cdiv(N, BN))
    r, c = m * BM, n * BN
    acc = zeros([BM, BN], f32)
    for k in range(0, K, BK):
        acc += dot(A[r:r+BM, k:k+BK], B[k:k+BK, c:c+BN])
    C[r:r+BM, c:c+BN] = (maximum(acc, 0.0) + R[r:r+BM, c:c+BN].to(f32)).to(bf16)


@kernel
def row_sums(A: Tensor[M, K, f16], B: Tensor[K, N, f16], Rows: Tensor[M, f32], C: Tensor[M, N, f16],
             BM: const = 128, BN: const = 256, BK: const = 64):
    m, n = grid(cdiv(M, BM), cdiv(N, BN))
    r, c = m * BM, n * BN
    acc = zeros([BM, BN], f32)
    for k in range(0, K, BK):
        acc += dot(A[r:r+BM, k:k+BK], B[k:k+BK, c:c+BN])
    atomic_add(Rows[r:r+BM], sum(acc, 1))
    C[r:r+BM, c:c+BN] = acc.to(f16)


@kernel
def turned(A: Tensor[M, K, f16], B: Tensor[K, N, f16], C: Tensor[N, M, f16],
           BM: const = 128, BN: const = 256, BK: const = 64):
    m, n = grid(cdiv(M, BM), cdiv(N, BN))
    r, c = m * BM, n * BN
    acc = zeros([BM, BN], f32)
    for k in range(0, K, BK):
        acc += dot(A[r:r+BM, k:k+BK], B[k:k+BK, c:c+BN])
    C[c:c+BN, r:r+BM] = acc.T.to(f16)


@kernel
def batched(A: Tensor[S, K, M, f16], B: Tensor[S, N, K, f16], C: Tensor[S, M, N, f16],
            BM: const = 128, BN: const = 256, BK: const = 64):
    s, m, n = grid(S, cdiv(M, BM), cdiv(N, BN))
    r, c = m * BM, n * BN
    acc = zeros([BM, BN], f32)
    for k in range(0, K, BK):
        acc += dot(A[s, k:k+BK, r:r+BM].T, B[s, c:c+BN, k:k+BK].T)
    C[s, r:r+BM, c:c+BN] = acc.to(f16)
