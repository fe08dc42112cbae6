# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = dropout(gelu(X + Bias)) + R: an element becomes zero with probability p, the others grow by 1 / (1 - p).

Which elements those are depends on the seed and their places alone, whatever the sizes of the tiles: Philox gives four
words for the elements of a row that lie WORDS apart. The backward kernel can so draw them again.
"""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16
WORDS = 512


def gelu(x):
    return 0.5 * x * (1 + erf(x * 0.7071067811865476))


@kernel
def gelu_dropout(X: Tensor[M, N, T], Bias: Tensor[N, T], R: Tensor[M, N, T], Y: Tensor[M, N, T], p: f32, seed: i64,
                 BM: const = 1):
    m, n = grid(cdiv(M, BM), cdiv(N, 4 * WORDS))
    r = m * BM
    scale = 1 / (1 - p)
    limit = (p * 4294967296.0).to(u32)
    row, column = (r + arange(BM))[:, None], (n * WORDS + arange(WORDS))[None, :]
    words = philox(seed, column, row, 0, 0)
    for j in static_range(4):
        c = (4 * n + j) * WORDS
        x = X[r:r+BM, c:c+WORDS].to(f32) + Bias[c:c+WORDS].to(f32)
        kept = where(words[j] >= limit, gelu(x) * scale, 0.0)
        Y[r:r+BM, c:c+WORDS] = kept + R[r:r+BM, c:c+WORDS].to(f32)
