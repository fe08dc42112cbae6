# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""H[i] = A[i] H[i - 1] + B[i] along each row, from H[-1] = 0: a scan that composes functions h -> a h + b."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


def compose(a, b, c, d):
    return a * c, b * c + d


@kernel
def linear_recurrence(A: Tensor[M, N, T], B: Tensor[M, N, T], H: Tensor[M, N, T], BN: const = 1024):
    row = grid(M)
    h = f32(0)
    for n in range(0, N, BN):
        a, b = associative_scan((A[row, n:n+BN].to(f32), B[row, n:n+BN].to(f32)), 0, compose)
        whole = a * h + b
        H[row, n:n+BN] = whole.to(T)
        h = sum(where(arange(BN) == BN - 1, whole, 0))
