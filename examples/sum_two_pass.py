# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sum of all elements in two launches and a fixed order: the same result every time, on every chip with the same P."""
from kcc import *

N, P = sizes("N", "P")
T = f32  # another element type: -D T=bf16


@kernel
def partial_sums(X: Tensor[N, T], Part: Tensor[P, f32], BN: const = 4096):
    p = grid(P)
    acc = zeros([BN], f32)
    for i in range(p * BN, N, P * BN):
        acc += X[i:i+BN].to(f32)
    Part[p] = sum(acc)


@kernel
def total_sum(Part: Tensor[P, f32], Y: Tensor[1, f32], BN: const = 1024):
    one = grid(1)
    acc = zeros([BN], f32)
    for i in range(0, P, BN):
        acc += Part[i:i+BN]
    Y[one] = sum(acc)
