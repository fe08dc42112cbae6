# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The K largest elements of each row, the largest first, and where they are; of equal ones the first."""
from kcc import *

M, N = sizes("M", "N")
K = 8    # a power of two: -D K=16
T = f32  # another element type: -D T=bf16


@kernel
def top_k(X: Tensor[M, N, T], V: Tensor[M, K, T], I: Tensor[M, K, i32], BM: const = 4, BN: const = 1024):
    assert N <= BN, "a row must fit one tile"
    assert N >= K, "a row has K elements"
    row = grid(cdiv(M, BM)) * BM
    # In T itself: 16 bits and a place are one number of 32 bits.
    x = where(arange(BN) < N, X[row:row+BM, 0:BN], -inf)
    V[row:row+BM, 0:K], I[row:row+BM, 0:K] = topk(x, K, return_indices=True)
