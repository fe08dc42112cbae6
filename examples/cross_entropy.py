# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loss[i] = log(sum(exp(X[i]))) - X[i, Label[i]] over any number of classes, in one pass over memory.

Each lane of the tile keeps a largest value and a sum of its own; they meet once, behind the loop.
"""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def cross_entropy(X: Tensor[M, N, T], Label: Tensor[M, i64], Loss: Tensor[M, f32], BN: const = 4096):
    row = grid(M)
    top = full([BN], -3e38, f32)                      # finite, because -inf - -inf is no number
    total = zeros([BN], f32)
    for n in range(0, N, BN):
        x = where(n + arange(BN) < N, X[row, n:n+BN].to(f32), -inf)
        e = exp2(abs(x - top) * -LOG2E)               # what the smaller of the two counts beside the larger
        total = where(x > top, total * e + 1, total + e)
        top = maximum(top, x)
    peak = max(top)
    total = sum(total * exp2((top - peak) * LOG2E))
    Loss[row] = log2(total) * LN2 + (peak - X[row, Label[row]].to(f32))
