# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Z = X + Y for vectors of any length: the last tile hangs over the end and is cut off there."""
from kcc import *

N = size("N")


@kernel
def vector_add(X: Tensor[N, f32], Y: Tensor[N, f32], Z: Tensor[N, f32], BN: const = 1024):
    i = grid(cdiv(N, BN)) * BN
    Z[i:i+BN] = X[i:i+BN] + Y[i:i+BN]
