# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Numbers of 8 bits with a scale for each row, or for each BLOCK elements of a row, and back.

The scale maps the largest magnitude to the largest number of the type; what rounding lifts above that is cut off.
"""
from kcc import *

M, N, G = sizes("M", "N", "G")
T = f32   # another element type: -D T=bf16
Q = i8    # or f8e4m3, f8e5m2


def largest():
    return 127.0 if Q == i8 else 448.0 if Q == f8e4m3 else 57344.0


def quantized(x, scale):
    x = clamp(x / scale, -largest(), largest())
    return floor(x + 0.5).to(Q) if Q == i8 else x.to(Q)


def scale_of(x):
    # The smallest normal number at least: rows of zeros have a scale, and no scale has lost bits.
    return maximum(max(abs(x), axis=1) / largest(), 1.1754944e-38)


@kernel
def quantize_rows(X: Tensor[M, N, T], Y: Tensor[M, N, Q], Scale: Tensor[M, f32], BM: const = auto, BN: const = 4096):
    assert N <= BN, "a row must fit one tile"
    m = grid(cdiv(M, BM)) * BM
    x = X[m:m+BM, 0:BN].to(f32)
    scale = scale_of(x)
    Y[m:m+BM, 0:BN] = quantized(x, scale[:, None])
    Scale[m:m+BM] = scale


# Several blocks of one row at a time: a program touches one run of memory, not a short one of each of several rows.
@kernel
def quantize_blocks(X: Tensor[M, N, T], Y: Tensor[M, N, Q], Scale: Tensor[M, G, f32],
                    BG: const = 32, BLOCK: const = 128):
    assert G == cdiv(N, BLOCK), "a scale for each block of a row"
    m, g = grid(M, cdiv(G, BG))
    g = g * BG
    n = g * BLOCK
    x = X[m, n:n+BG*BLOCK].to(f32).reshape(BG, BLOCK)
    scale = scale_of(x)
    Y[m, n:n+BG*BLOCK] = quantized(x, scale[:, None]).reshape(BG * BLOCK)
    Scale[m, g:g+BG] = scale


@kernel
def dequantize_rows(Y: Tensor[M, N, Q], Scale: Tensor[M, f32], X: Tensor[M, N, T], BM: const = 4, BN: const = 1024):
    m, n = grid(cdiv(M, BM), cdiv(N, BN))
    m, n = m * BM, n * BN
    X[m:m+BM, n:n+BN] = Y[m:m+BM, n:n+BN].to(f32) * Scale[m:m+BM][:, None]


@kernel
def dequantize_blocks(Y: Tensor[M, N, Q], Scale: Tensor[M, G, f32], X: Tensor[M, N, T],
                      BG: const = 32, BLOCK: const = 128):
    assert G == cdiv(N, BLOCK), "a scale for each block of a row"
    m, g = grid(M, cdiv(G, BG))
    g = g * BG
    n = g * BLOCK
    x = Y[m, n:n+BG*BLOCK].to(f32).reshape(BG, BLOCK)
    X[m, n:n+BG*BLOCK] = (x * Scale[m, g:g+BG][:, None]).reshape(BG * BLOCK)
