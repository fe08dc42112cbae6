# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sum of all elements: each program adds its part to one element, which must be zero before the launch."""
from kcc import *

N = size("N")
T = f32  # another element type: -D T=bf16


@kernel
def global_sum(X: Tensor[N, T], Y: Tensor[1, f32], BN: const = 4096):
    i = grid(cdiv(N, BN)) * BN
    atomic_add(Y[0], sum(X[i:i+BN].to(f32)))
