# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gradient of embedding.py: dW[Index[n]] += dY[n]. Rows that share an index are added by atomic updates, in any order;
dW must be zero before the launch."""
from kcc import *

V, D, N = sizes("V", "D", "N")
T = f32  # another element type of dY: -D T=bf16


@kernel
def embedding_backward(Index: Tensor[N, i32], dY: Tensor[N, D, T], dW: Tensor[V, D, f32], BN: const = 4, BD: const = 256):
    n, d = grid(cdiv(N, BN), cdiv(D, BD))
    n, d = n * BN, d * BD
    is_row = n + arange(BN) < N  # behind the last row the index reads as 0, which is a row of dW
    atomic_add(dW[Index[n:n+BN], d:d+BD], dY[n:n+BN, d:d+BD].to(f32), mask=is_row[:, None], sem="relaxed")
