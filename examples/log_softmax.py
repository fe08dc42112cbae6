# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = X - log(sum(exp(X))) of each row, for rows that fit one tile."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def log_softmax(X: Tensor[M, N, T], Y: Tensor[M, N, T], BM: const = auto, BN: const = 4096):
    assert N <= BN, "a row must fit one tile"
    m = grid(cdiv(M, BM)) * BM
    x = where(arange(BN) < N, X[m:m+BM, 0:BN].to(f32), -inf)
    x -= max(x, axis=1)[:, None]
    Y[m:m+BM, 0:BN] = x - log(sum(exp2(x * LOG2E), axis=1))[:, None]
