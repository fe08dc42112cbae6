# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sum of each column. Every program adds up some rows and adds the result to Y, which must be zero before the launch."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def column_sum(X: Tensor[M, N, T], Y: Tensor[N, f32], BM: const = 8, BN: const = 128, ROWS: const = 512):
    c, part = grid(cdiv(N, BN), cdiv(M, ROWS))
    c, first = c * BN, part * ROWS
    acc = zeros([BM, BN], f32)
    for r in range(first, first + ROWS, BM):
        acc += X[r:r+BM, c:c+BN].to(f32)
    atomic_add(Y[c:c+BN], sum(acc, axis=0))
