# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scaled_matmul.py in Triton's spelling.

kcc compile examples/triton/scaled_matmul.py -D BM=64 -D BN=64 -D BK=64 --signature "a_ptr:*fp8e4nv:16, b_ptr:*fp8e4nv:16,
  scale_ptr:*f32:16, c_ptr:*bf16:16, m:i32, n:i32, k:i32:16, stride_am:i32:16, stride_bn:i32:16, stride_cm:i32:16"
"""
import triton
import triton.language as tl


@triton.jit
def scaled_gemm(a_ptr, b_ptr, scale_ptr, c_ptr, m, n, k, stride_am, stride_bn, stride_cm,
                BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    rows = tl.program_id(0) * BM + tl.arange(0, BM)
    cols = tl.program_id(1) * BN + tl.arange(0, BN)
    inner = tl.arange(0, BK)
    a_ptrs = a_ptr + rows[:, None] * stride_am + inner[None, :]
    b_ptrs = b_ptr + cols[:, None] * stride_bn + inner[None, :]
    acc = tl.zeros((BM, BN), dtype=tl.int32 if a_ptr.dtype.element_ty == tl.int8 else tl.float32)
    for start in range(0, k, BK):
        a = tl.load(a_ptrs, mask=(rows[:, None] < m) & (start + inner[None, :] < k), other=0)
        b = tl.load(b_ptrs, mask=(cols[:, None] < n) & (start + inner[None, :] < k), other=0)
        acc = tl.dot(a, tl.trans(b), acc)
        a_ptrs += BK
        b_ptrs += BK
    scale = tl.load(scale_ptr) * tl.load(scale_ptr + 1)
    c_ptrs = c_ptr + rows[:, None] * stride_cm + cols[None, :]
    c = (acc.to(tl.float32) * scale).to(c_ptr.dtype.element_ty)
    tl.store(c_ptrs, c, mask=(rows[:, None] < m) & (cols[None, :] < n))
