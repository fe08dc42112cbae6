# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Largest element along the middle axis of a tensor of rank 3, which is any axis of any tensor: what is before it and what
is behind it are one axis each."""
from kcc import *

A, N, B = sizes("A", "N", "B")
T = f32  # another element type: -D T=bf16


@kernel
def axis_max(X: Tensor[A, N, B, T], Y: Tensor[A, B, T], BN: const = 16, BB: const = 128):
    a, b = grid(A, cdiv(B, BB))
    b = b * BB
    acc = full([BN, BB], -inf, f32)
    for n in range(0, N, BN):
        inside = n + arange(BN) < N
        acc = maximum(acc, where(inside[:, None], X[a, n:n+BN, b:b+BB].to(f32), -inf))
    Y[a, b:b+BB] = max(acc, axis=0).to(T)
