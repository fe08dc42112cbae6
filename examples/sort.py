# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each row in rising order, NaNs last. A row is one tile: this is for short rows."""
from kcc import *

M, N = sizes("M", "N")
T = f32  # another element type: -D T=bf16


@kernel
def sort_rows(X: Tensor[M, N, T], Y: Tensor[M, N, T], BM: const = 4, BN: const = 1024):
    assert N <= BN, "a row must fit one tile"
    row = grid(cdiv(M, BM)) * BM
    # What fills the tile must stand behind the row, so it is NaN too.
    Y[row:row+BM, 0:BN] = sort(where(arange(BN) < N, X[row:row+BM, 0:BN], nan))
