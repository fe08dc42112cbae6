# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Softmax of rows of any length, in two passes: one finds the largest value and the sum together, one writes.

Each G elements side by side keep a largest value and a sum of their own; they meet once, behind the loop.
"""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def softmax_online(X: Tensor[M, N, T], Y: Tensor[M, N, T], BN: const = 2048, G: const = 8):
    row = grid(M)
    top = full([BN // G], -3e38, f32)                 # finite, because -inf - -inf is no number
    total = zeros([BN // G], f32)
    for n in range(0, N, BN):
        x = where(n + arange(BN) < N, X[row, n:n+BN].to(f32), -inf).reshape(BN // G, G)
        new = maximum(top, max(x, axis=1))
        total = total * exp2((top - new) * LOG2E) + sum(exp2((x - new[:, None]) * LOG2E), axis=1)
        top = new
    peak = max(top)
    scale = 1 / sum(total * exp2((top - peak) * LOG2E))
    for n in range(0, N, BN):
        Y[row, n:n+BN] = exp2((X[row, n:n+BN].to(f32) - peak) * LOG2E) * scale
