# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sum of each row, added up in f32 and in a fixed order: the same result every time."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def row_sum(X: Tensor[M, N, T], Y: Tensor[M, f32], BN: const = 2048):
    row = grid(M)
    acc = zeros([BN], f32)
    for n in range(0, N, BN):
        acc += X[row, n:n+BN].to(f32)
    Y[row] = sum(acc)
