# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gradients of softmax and log-softmax from their results Y, for rows that fit one tile."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def softmax_backward(Y: Tensor[M, N, T], dY: Tensor[M, N, T], dX: Tensor[M, N, T], BM: const = auto, BN: const = 4096):
    assert N <= BN, "a row must fit one tile"
    m = grid(cdiv(M, BM)) * BM
    y, dy = Y[m:m+BM, 0:BN].to(f32), dY[m:m+BM, 0:BN].to(f32)
    dX[m:m+BM, 0:BN] = y * (dy - sum(y * dy, axis=1)[:, None])


@kernel
def log_softmax_backward(Y: Tensor[M, N, T], dY: Tensor[M, N, T], dX: Tensor[M, N, T],
                         BM: const = auto, BN: const = 4096):
    assert N <= BN, "a row must fit one tile"
    m = grid(cdiv(M, BM)) * BM
    y, dy = Y[m:m+BM, 0:BN].to(f32), dY[m:m+BM, 0:BN].to(f32)
    dX[m:m+BM, 0:BN] = dy - exp2(y * LOG2E) * sum(dy, axis=1)[:, None]
