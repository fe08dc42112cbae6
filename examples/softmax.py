# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Softmax of each row, for rows that fit one tile. Longer rows: softmax_online.py."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def softmax(X: Tensor[M, N, T], Y: Tensor[M, N, T], BM: const = auto, BN: const = 4096):
    assert N <= BN, "a row must fit one tile"       # checked at launch
    m = grid(cdiv(M, BM)) * BM
    x = where(arange(BN) < N, X[m:m+BM, 0:BN].to(f32), -inf)
    e = exp2(x * LOG2E - (max(x, axis=1) * LOG2E)[:, None])     # one fused multiply-add; its rounding cancels below
    Y[m:m+BM, 0:BN] = e * (1 / sum(e, axis=1))[:, None]
