# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loss of each row as in cross_entropy.py, and its gradient times Scale in the same kernel.

Rows whose label is no class are left out: loss and gradient are zero there.
"""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def cross_entropy_backward(X: Tensor[M, N, T], Label: Tensor[M, i64], Loss: Tensor[M, f32], dX: Tensor[M, N, T],
                           Scale: f32, BN: const = 4096, G: const = 8):
    row = grid(M)
    label = Label[row]
    counts = label >= 0 and label < N
    top = full([BN // G], -3e38, f32)
    total = zeros([BN // G], f32)
    for n in range(0, N, BN):
        x = where(n + arange(BN) < N, X[row, n:n+BN].to(f32), -inf).reshape(BN // G, G)
        new = maximum(top, max(x, axis=1))
        total = total * exp2((top - new) * LOG2E) + sum(exp2((x - new[:, None]) * LOG2E), axis=1)
        top = new
    peak = max(top)
    total = sum(total * exp2((top - peak) * LOG2E))
    Loss[row] = where(counts, log2(total) * LN2 + (peak - X[row, label].to(f32)), 0.0)
    scale = where(counts, Scale, 0.0)
    factor = scale / total
    for n in range(0, N, BN):
        y = exp2((X[row, n:n+BN].to(f32) - peak) * LOG2E) * factor
        dX[row, n:n+BN] = where(n + arange(BN) == label, y - scale, y)
