# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""conv2d.py in Triton's spelling; the grid is (ceil(N P Q / BLOCK_M), ceil(K / BLOCK_K)).

kcc compile examples/triton/conv2d.py -D STRIDE=1 -D PAD=1 -D BLOCK_M=64 -D BLOCK_K=32 -D BLOCK_C=32 --signature \
  "x_ptr:*f16:16, f_ptr:*f16:16, y_ptr:*f16:16, N:i32, H:i32, W:i32, C:i32:16, K:i32:16, R:i32, S:i32, P:i32, Q:i32"
"""
import triton
import triton.language as tl


@triton.jit
def conv2d(x_ptr, f_ptr, y_ptr, N, H, W, C, K, R, S, P, Q, STRIDE: tl.constexpr, PAD: tl.constexpr,
           BLOCK_M: tl.constexpr, BLOCK_K: tl.constexpr, BLOCK_C: tl.constexpr):
    pixel = tl.program_id(0) * BLOCK_M + tl.arange(0, BLOCK_M)
    k = tl.program_id(1) * BLOCK_K + tl.arange(0, BLOCK_K)
    n = pixel // (P * Q)
    p = pixel // Q % P
    q = pixel % Q
    acc = tl.zeros([BLOCK_M, BLOCK_K], tl.float32)
    for r in range(0, R):
        for s in range(0, S):
            y = p * STRIDE + r - PAD
            x = q * STRIDE + s - PAD
            inside = (n < N) & (y >= 0) & (y < H) & (x >= 0) & (x < W)
            row = ((n.to(tl.int64) * H + y) * W + x) * C
            filter = ((k.to(tl.int64) * R + r) * S + s) * C
            for start in range(0, C, BLOCK_C):
                c = start + tl.arange(0, BLOCK_C)
                a = tl.load(x_ptr + row[:, None] + c[None, :], mask=inside[:, None] & (c < C)[None, :], other=0.0)
                b = tl.load(f_ptr + filter[None, :] + c[:, None], mask=(k < K)[None, :] & (c < C)[:, None], other=0.0)
                acc = tl.dot(a, b, acc)
    tl.store(y_ptr + pixel.to(tl.int64)[:, None] * K + k[None, :], acc.to(tl.float16),
             mask=(pixel < N * P * Q)[:, None] & (k < K)[None, :])
