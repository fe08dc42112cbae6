# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""C = A B with sums in f32. The sizes of the tiles are chosen for the chip, or given with -D BM=128 and so on."""
from kcc import *

M, N, K = sizes("M", "N", "K")
T = f16  # another element type: -D T=bf16


@kernel
def gemm(A: Tensor[M, K, T], B: Tensor[K, N, T], C: Tensor[M, N, T],
         BM: const = auto, BN: const = auto, BK: const = auto):
    m, n = grid(cdiv(M, BM), cdiv(N, BN))          # the launch space; returns this program's place in it
    r, c = m * BM, n * BN
    acc = zeros([BM, BN], f32)
    for k in range(0, K, BK):
        acc = dot(A[r:r+BM, k:k+BK], B[k:k+BK, c:c+BN], acc)
    C[r:r+BM, c:c+BN] = acc.to(T)
