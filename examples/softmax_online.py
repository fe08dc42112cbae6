# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Softmax of rows of any length, in two passes: one finds the largest value and the sum together, one writes."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def softmax_online(X: Tensor[M, N, T], Y: Tensor[M, N, T], BN: const = 2048):
    row = grid(M)
    top = full([BN], -inf, f32)
    total = zeros([BN], f32)
    for n in range(0, N, BN):
        x = where(n + arange(BN) < N, X[row, n:n+BN].to(f32) * LOG2E, -inf)
        new = maximum(top, x)
        # Lanes that have seen no element yet hold -inf, and -inf - -inf is no number.
        total = where(new > -inf, total * exp2(top - new) + exp2(x - new), 0.0)
        top = new
    peak = max(top)
    scale = 1 / sum(where(top > -inf, total * exp2(top - peak), 0.0))
    for n in range(0, N, BN):
        Y[row, n:n+BN] = exp2(X[row, n:n+BN].to(f32) * LOG2E - peak) * scale
