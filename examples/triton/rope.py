# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""rope.py in Triton's spelling: a program turns all heads of one position, in blocks of BLOCK_H.

kcc compile examples/triton/rope.py --signature "x_ptr:*bf16:16, cos_ptr:*f32:16, sin_ptr:*f32:16, y_ptr:*bf16:16, seq_len:i32, n_heads:i32" -D D=128 -D BLOCK_H=8
"""
import triton
import triton.language as tl


@triton.jit
def rope(x_ptr, cos_ptr, sin_ptr, y_ptr, seq_len, n_heads, D: tl.constexpr, BLOCK_H: tl.constexpr):
    position = tl.program_id(0).to(tl.int64)
    half = tl.arange(0, D // 2)
    angle = (position % seq_len) * (D // 2) + half
    cos = tl.load(cos_ptr + angle)[None, :]
    sin = tl.load(sin_ptr + angle)[None, :]
    heads = tl.program_id(1) * BLOCK_H + tl.arange(0, BLOCK_H)
    first = position * n_heads * D + heads[:, None] * D + half[None, :]
    second = first + D // 2
    mask = heads[:, None] < n_heads
    x = tl.load(x_ptr + first, mask=mask, other=0.0).to(tl.float32)
    y = tl.load(x_ptr + second, mask=mask, other=0.0).to(tl.float32)
    tl.store(y_ptr + first, x * cos - y * sin, mask=mask)
    tl.store(y_ptr + second, y * cos + x * sin, mask=mask)
