# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""C = a b A B', factors of few bits with a scale for each array, both row by row along the depth."""
from kcc import *

M, N, K = sizes("M", "N", "K")
T = f8e4m3  # of A: -D T=f8e5m2, i8, u8, or f32, which is rounded to tf32
U = T       # of B
O = bf16    # of C


@kernel
def scaled_gemm(A: Tensor[M, K, T], B: Tensor[N, K, U], Scale: Tensor[2, f32], C: Tensor[M, N, O],
                BM: const = auto, BN: const = auto, BK: const = auto):
    m, n = grid(cdiv(M, BM), cdiv(N, BN))
    r, c = m * BM, n * BN
    acc = zeros([BM, BN], i32 if T == i8 or T == u8 else f32)
    for k in range(0, K, BK):
        acc = dot(A[r:r+BM, k:k+BK], B[c:c+BN, k:k+BK].T, acc, precision="tf32")
    C[r:r+BM, c:c+BN] = (acc.to(f32) * (Scale[0] * Scale[1])).to(O)
