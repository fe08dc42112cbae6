# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = gelu(X + bias) + R in one pass over memory, computed in f32 whatever the tensors hold."""
from kcc import *

M, N = sizes("M", "N")
T = bf16  # another element type: -D T=f16


def gelu(x):
    return 0.5 * x * (1 + erf(x * 0.7071067811865476))


@kernel
def fused_gelu(X: Tensor[M, N, T], Bias: Tensor[N, T], R: Tensor[M, N, T], Y: Tensor[M, N, T],
               BM: const = 4, BN: const = 256):
    m, n = grid(cdiv(M, BM), cdiv(N, BN))
    r, c = m * BM, n * BN
    x = X[r:r+BM, c:c+BN].to(f32) + Bias[c:c+BN].to(f32)
    Y[r:r+BM, c:c+BN] = gelu(x) + R[r:r+BM, c:c+BN].to(f32)
