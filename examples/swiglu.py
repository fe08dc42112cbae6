# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = silu(A) * B for arrays of any shape, seen as vectors."""
from kcc import *

N = size("N")
T = f32  # another element type: -D T=bf16


@kernel
def swiglu(A: Tensor[N, T], B: Tensor[N, T], Y: Tensor[N, T], BN: const = 2048):
    i = grid(cdiv(N, BN)) * BN
    a, b = A[i:i+BN].to(f32), B[i:i+BN].to(f32)
    Y[i:i+BN] = a * sigmoid(a) * b
