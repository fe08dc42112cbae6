# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = Value where Mask holds, else X, for arrays of any shape, seen as vectors."""
from kcc import *

N = size("N")
T = f32  # another element type: -D T=bf16


@kernel
def masked_fill(X: Tensor[N, T], Mask: Tensor[N, bool], Y: Tensor[N, T], Value: f32, BN: const = 2048):
    i = grid(cdiv(N, BN)) * BN
    Y[i:i+BN] = where(Mask[i:i+BN], Value, X[i:i+BN].to(f32))
