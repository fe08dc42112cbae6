# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""block_scaled_matmul.py in Triton's spelling.

kcc compile examples/triton/block_scaled_matmul.py -D BM=64 -D BLOCK=128 --signature "a_ptr:*fp8e4nv:16, sa_ptr:*f32:16,
  b_ptr:*fp8e4nv:16, sb_ptr:*f32:16, c_ptr:*bf16:16, m:i32, n:i32, k:i32:16, blocks:i32, stride_am:i32:16, stride_bn:i32:16,
  stride_cm:i32:16"
"""
import triton
import triton.language as tl


@triton.jit
def block_scaled_gemm(a_ptr, sa_ptr, b_ptr, sb_ptr, c_ptr, m, n, k, blocks, stride_am, stride_bn, stride_cm,
                      BM: tl.constexpr, BLOCK: tl.constexpr):
    rows = tl.program_id(0) * BM + tl.arange(0, BM)
    cols = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inner = tl.arange(0, BLOCK)
    a_ptrs = a_ptr + rows[:, None] * stride_am + inner[None, :]
    b_ptrs = b_ptr + cols[:, None] * stride_bn + inner[None, :]
    acc = tl.zeros((BM, BLOCK), dtype=tl.float32)
    for g in range(0, blocks):
        a = tl.load(a_ptrs, mask=(rows[:, None] < m) & (g * BLOCK + inner[None, :] < k), other=0)
        b = tl.load(b_ptrs, mask=(cols[:, None] < n) & (g * BLOCK + inner[None, :] < k), other=0)
        scale = tl.load(sa_ptr + g * m + rows, mask=rows < m, other=0) * tl.load(sb_ptr + tl.program_id(1) * blocks + g)
        acc += tl.dot(a, tl.trans(b)) * scale[:, None]
        a_ptrs += BLOCK
        b_ptrs += BLOCK
    c_ptrs = c_ptr + rows[:, None] * stride_cm + cols[None, :]
    tl.store(c_ptrs, acc.to(c_ptr.dtype.element_ty), mask=(rows[:, None] < m) & (cols[None, :] < n))
