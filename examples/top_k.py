# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The K largest elements of each row, the largest first, and where they are; of equal ones the first."""
from kcc import *

M, N = sizes("M", "N")
K = 8    # a power of two: -D K=16
T = f32  # another element type: -D T=bf16


@kernel
def top_k(X: Tensor[M, N, T], V: Tensor[M, K, T], I: Tensor[M, K, i32], BN: const = 1024):
    assert N <= BN, "a row must fit one tile"
    assert N >= K, "a row has K elements"
    row = grid(M)
    x = where(arange(BN) < N, X[row, 0:BN].to(f32), -inf)
    values, places = topk(x, K, return_indices=True)
    V[row, 0:K] = values.to(T)
    I[row, 0:K] = places
