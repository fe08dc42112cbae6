# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""quantize.py in Triton's spelling, to fp8 with a scale for each BLOCK elements of a row; and back.

kcc compile examples/triton/quantize.py --signature "x_ptr:*bf16:16, q_ptr:*fp8e4nv:16, scale_ptr:*f32:16, n_cols:i32:16, n_blocks:i32" -D BLOCK=128 -D LARGEST=448.0
"""
import triton
import triton.language as tl


@triton.jit
def quantize_blocks(x_ptr, q_ptr, scale_ptr, n_cols, n_blocks, BLOCK: tl.constexpr, LARGEST: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    block = tl.program_id(1)
    cols = block * BLOCK + tl.arange(0, BLOCK)
    mask = cols < n_cols
    x = tl.load(x_ptr + row * n_cols + cols, mask=mask, other=0.0).to(tl.float32)
    scale = tl.maximum(tl.max(tl.abs(x), axis=0), 1e-10) / LARGEST
    q = tl.clamp(x / scale, -LARGEST, LARGEST)
    tl.store(q_ptr + row * n_cols + cols, q.to(q_ptr.dtype.element_ty), mask=mask)
    tl.store(scale_ptr + row * n_blocks + block, scale)


@triton.jit
def dequantize_blocks(q_ptr, scale_ptr, x_ptr, n_cols, n_blocks, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    block = tl.program_id(1)
    cols = block * BLOCK + tl.arange(0, BLOCK)
    mask = cols < n_cols
    q = tl.load(q_ptr + row * n_cols + cols, mask=mask).to(tl.float32)
    scale = tl.load(scale_ptr + row * n_blocks + block)
    tl.store(x_ptr + row * n_cols + cols, q * scale, mask=mask)
