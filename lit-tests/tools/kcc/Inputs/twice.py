# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = 2 X, and a kernel in Triton's spelling that no list is about."""
from kcc import *
import triton
import triton.language as tl

N = size("N")
FACTOR = 2.0


@kernel
def twice(X: Tensor[N, f32], Y: Tensor[N, f32], BN: const = 256):
    i = grid(cdiv(N, BN)) * BN
    Y[i:i+BN] = X[i:i+BN] * FACTOR


@triton.jit
def twice_triton(x_ptr, y_ptr, n, BLOCK: tl.constexpr):
    offsets = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = offsets < n
    tl.store(y_ptr + offsets, tl.load(x_ptr + offsets, mask=mask) * 2.0, mask=mask)
