# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""C = A B' of 8-bit floats with a scale for each 128 elements of a row of A and for each 128 x 128 elements of B.

The scales of A lie column by column, so that those of neighbouring rows are neighbours.
"""
from kcc import *

M, N, K, G, H = sizes("M", "N", "K", "G", "H")
T = f8e4m3  # another element type: -D T=f8e5m2
O = bf16    # of C


@kernel
def block_scaled_gemm(A: Tensor[M, K, T], SA: Tensor[G, M, f32], B: Tensor[N, K, T], SB: Tensor[H, G, f32],
                      C: Tensor[M, N, O], BM: const = auto, BLOCK: const = 128):
    assert G == cdiv(K, BLOCK), "a scale for each block of a row"
    assert H == cdiv(N, BLOCK), "a row of scales for each block of columns"
    m, n = grid(cdiv(M, BM), H)
    r, c = m * BM, n * BLOCK
    acc = zeros([BM, BLOCK], f32)
    for g in range(0, G):
        k = g * BLOCK
        product = dot(A[r:r+BM, k:k+BLOCK], B[c:c+BLOCK, k:k+BLOCK].T)
        acc += product * (SA[g, r:r+BM] * SB[n, g])[:, None]
    C[r:r+BM, c:c+BLOCK] = acc.to(O)
