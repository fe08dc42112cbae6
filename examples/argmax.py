# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Place of the largest element of each row, of equal ones the first; a reduction of pairs with a function of its own."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


def larger(a, i, b, j):
    wins = (a > b) | ((a == b) & (i < j))
    return where(wins, a, b), where(wins, i, j)


@kernel
def row_argmax(X: Tensor[M, N, T], Y: Tensor[M, i32], BN: const = 2048):
    row = grid(M)
    best = full([BN], -inf, f32)
    place = arange(BN)
    for n in range(0, N, BN):
        i = n + arange(BN)
        x = where(i < N, X[row, n:n+BN].to(f32), -inf)
        place = where(x > best, i.to(i32), place)
        best = where(x > best, x, best)
    _, first = reduce((best, place), 0, larger)
    Y[row] = first
