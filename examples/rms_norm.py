# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = X / sqrt(mean(X^2) + EPS) * W for each row, for rows that fit one tile."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16
EPS = 1e-6


@kernel
def rms_norm(X: Tensor[M, N, T], W: Tensor[N, T], Y: Tensor[M, N, T], BM: const = auto, BN: const = 4096):
    assert N <= BN, "a row must fit one tile"
    m = grid(cdiv(M, BM)) * BM
    x = X[m:m+BM, 0:BN].to(f32)
    w = W[0:BN].to(f32)
    scale = rsqrt(sum(x * x, axis=1) / N + EPS)
    Y[m:m+BM, 0:BN] = x * scale[:, None] * w
