# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = gelu(A) * B for arrays of any shape, seen as vectors."""
from kcc import *

N = size("N")
T = f32  # another element type: -D T=bf16


def gelu(x):
    return 0.5 * x * (1 + erf(x * 0.7071067811865476))


@kernel
def geglu(A: Tensor[N, T], B: Tensor[N, T], Y: Tensor[N, T], BN: const = 2048):
    i = grid(cdiv(N, BN)) * BN
    Y[i:i+BN] = gelu(A[i:i+BN].to(f32)) * B[i:i+BN].to(f32)
