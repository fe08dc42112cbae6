# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y = (X - mean) / sqrt(variance + EPS) * W + B for each row, for rows that fit one tile.

Short rows are summed up twice, which costs nothing where a thread holds whole pieces of them. Of longer ones both moments come
from one reduction, of distances to an element of the row: sums of X and X^2 themselves would lose the variance where the
mean is much larger.
"""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16
EPS = 1e-5


def middle(a, b, c):
    return maximum(minimum(a, b), minimum(maximum(a, b), c))


def add(a, aa, b, bb):
    return a + b, aa + bb


@kernel
def layer_norm(X: Tensor[M, N, T], W: Tensor[N, T], B: Tensor[N, T], Y: Tensor[M, N, T],
               BM: const = auto, BN: const = 4096):
    assert N <= BN, "a row must fit one tile"
    m = grid(cdiv(M, BM)) * BM
    x = X[m:m+BM, 0:BN].to(f32)
    inside = arange(BN) < N
    if BN <= 256:
        d = where(inside, x - (sum(x, axis=1) / N)[:, None], 0.0)
        y = d * rsqrt(sum(d * d, axis=1) / N + EPS)[:, None]
    else:
        # One outlier among three does not count.
        near = middle(X[m:m+BM, 0].to(f32), X[m:m+BM, N // 2].to(f32), X[m:m+BM, N - 1].to(f32))
        x -= near[:, None]
        d = where(inside, x, 0.0)
        total, squares = reduce((d, d * d), 1, add)
        mean = total / N
        scale = rsqrt(maximum(squares / N - mean * mean, 0.0) + EPS)
        y = x * scale[:, None] - (mean * scale)[:, None]
    w, b = W[0:BN].to(f32), B[0:BN].to(f32)        # here: above they would be held in registers all along
    Y[m:m+BM, 0:BN] = y * w + b
