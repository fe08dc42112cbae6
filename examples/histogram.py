# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How often each of 0, 1, ... BINS - 1 occurs; other values do not count. H must be zero before the launch."""
from kcc import *

N = size("N")
BINS = 256  # a power of two: -D BINS=1024


@kernel
def count_values(X: Tensor[N, i32], H: Tensor[BINS, i32], BN: const = 2048, PARTS: const = 8):
    first = grid(cdiv(N, BN * PARTS)) * (BN * PARTS)
    counts = zeros([BINS], i32)
    for i in range(first, first + BN * PARTS, BN):
        counts += histogram(X[i:i+BN], BINS, mask=i + arange(BN) < N)
    atomic_add(H[:], counts)
