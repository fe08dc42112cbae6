# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
from kcc import *

M, N, K = sizes("M", "N", "K")
T = f16


@kernel
def exponentials(A: Tensor[M, K, T], B: Tensor[K, N, T], C: Tensor[M, N, f32],
                 BM: const = 128, BN: const = 128, BK: const = 64):
    """Sums of exponentials of products: the special functions have more to do than the tensor core."""
    m, n = grid(cdiv(M, BM), cdiv(N, BN))
    r, c = m * BM, n * BN
    total = zeros([BM, BN], f32)
    for k in range(0, K, BK):
        part = dot(A[r:r+BM, k:k+BK], B[k:k+BK, c:c+BN], zeros([BM, BN], f32))
        total = total * 0.5 + exp2(part)
    C[r:r+BM, c:c+BN] = total
