# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y[i, j] = X[i, 0] + ... + X[i, j], added up in f32, for rows that fit one tile."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def row_cumsum(X: Tensor[M, N, T], Y: Tensor[M, N, T], BM: const = auto, BN: const = 4096):
    assert N <= BN, "a row must fit one tile"
    m = grid(cdiv(M, BM)) * BM
    Y[m:m+BM, 0:BN] = cumsum(X[m:m+BM, 0:BN].to(f32), axis=1)
