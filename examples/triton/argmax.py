# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""argmax.py in Triton's spelling; one program for each row.

kcc compile examples/triton/argmax.py --signature "x_ptr:*f32:16, y_ptr:*i32:16, n_cols:i32" -D BLOCK=2048
"""
import triton
import triton.language as tl


@triton.jit
def larger(a, i, b, j):
    wins = (a > b) | ((a == b) & (i < j))
    return tl.where(wins, a, b), tl.where(wins, i, j)


@triton.jit
def row_argmax(x_ptr, y_ptr, n_cols, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    best = tl.full([BLOCK], -float("inf"), tl.float32)
    place = tl.arange(0, BLOCK)
    for start in range(0, n_cols, BLOCK):
        cols = start + tl.arange(0, BLOCK)
        x = tl.load(x_ptr + row.to(tl.int64) * n_cols + cols, mask=cols < n_cols, other=-float("inf")).to(tl.float32)
        place = tl.where(x > best, cols, place)
        best = tl.where(x > best, x, best)
    _, first = tl.reduce((best, place), 0, larger)
    tl.store(y_ptr + row, first)
