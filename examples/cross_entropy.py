# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loss[i] = log(sum(exp(X[i]))) - X[i, Label[i]] over any number of classes, in one pass over memory.

Each G classes side by side keep a largest value and a sum of their own; they meet once, behind the loop. G elements are
what a thread reads by one access, so that nothing passes between threads before.
"""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def cross_entropy(X: Tensor[M, N, T], Label: Tensor[M, i64], Loss: Tensor[M, f32],
                  BN: const = 4096, G: const = 8):
    row = grid(M)
    top = full([BN // G], -3e38, f32)                 # finite, because -inf - -inf is no number
    total = zeros([BN // G], f32)
    for n in range(0, N, BN):
        x = where(n + arange(BN) < N, X[row, n:n+BN].to(f32), -inf).reshape(BN // G, G)
        new = maximum(top, max(x, axis=1))
        total = total * exp2((top - new) * LOG2E) + sum(exp2((x - new[:, None]) * LOG2E), axis=1)
        top = new
    peak = max(top)
    total = sum(total * exp2((top - peak) * LOG2E))
    Loss[row] = log2(total) * LN2 + (peak - X[row, Label[row]].to(f32))
