# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rows of a table, chosen by indices: Y[n] = W[Index[n]]. An index outside of the table gives zeros."""
from kcc import *

V, D, N = sizes("V", "D", "N")
T = f32  # another element type: -D T=bf16


@kernel
def embedding(Index: Tensor[N, i32], W: Tensor[V, D, T], Y: Tensor[N, D, T], BN: const = 4, BD: const = 512):
    n, d = grid(cdiv(N, BN), cdiv(D, BD))
    n, d = n * BN, d * BD
    Y[n:n+BN, d:d+BD] = W[Index[n:n+BN], d:d+BD]
