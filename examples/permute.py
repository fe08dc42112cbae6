# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Y[b, h, s, d] = X[b, s, h, d], heads before the sequence; and Y[c, a, b] = X[a, b, c], the last axis to the front."""
from kcc import *

B, S, H, D = sizes("B", "S", "H", "D")
I, J, K = sizes("I", "J", "K")
T = f32  # another element type: -D T=bf16


@kernel
def heads_first(X: Tensor[B, S, H, D, T], Y: Tensor[B, H, S, D, T], BS: const = 8, BH: const = 4, BD: const = 128):
    assert D <= BD, "a head must fit one tile"
    b, s, h = grid(B, cdiv(S, BS), cdiv(H, BH))
    s, h = s * BS, h * BH
    Y[b, h:h+BH, s:s+BS, 0:BD] = trans(X[b, s:s+BS, h:h+BH, 0:BD], 1, 0, 2)


@kernel
def last_axis_first(X: Tensor[I, J, K, T], Y: Tensor[K, I, J, T], BJ: const = 128, BK: const = 128):
    i, j, k = grid(I, cdiv(J, BJ), cdiv(K, BK))
    j, k = j * BJ, k * BK
    Y[k:k+BK, i, j:j+BJ] = X[i, j:j+BJ, k:k+BK].T
