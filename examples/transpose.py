# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = the transpose of X."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def transpose(X: Tensor[M, N, T], Y: Tensor[N, M, T], BM: const = 64, BN: const = 64):
    m, n = grid(cdiv(M, BM), cdiv(N, BN))
    r, c = m * BM, n * BN
    Y[c:c+BN, r:r+BM] = X[r:r+BM, c:c+BN].T
