# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""matmul.py in Triton's spelling.

kcc compile examples/triton/matmul.py -D BM=64 -D BN=64 -D BK=32 --signature "a_ptr:*f16:16, b_ptr:*f16:16, c_ptr:*f16:16,
  m:i32, n:i32, k:i32, stride_am:i32:16, stride_ak:i32=1, stride_bk:i32:16, stride_bn:i32=1, stride_cm:i32:16, stride_cn:i32=1"
"""
import triton
import triton.language as tl


@triton.jit
def gemm(a_ptr, b_ptr, c_ptr, m, n, k, stride_am, stride_ak, stride_bk, stride_bn, stride_cm, stride_cn,
         BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    rows = tl.program_id(0) * BM + tl.arange(0, BM)
    cols = tl.program_id(1) * BN + tl.arange(0, BN)
    inner = tl.arange(0, BK)
    a_ptrs = a_ptr + rows[:, None] * stride_am + inner[None, :] * stride_ak
    b_ptrs = b_ptr + inner[:, None] * stride_bk + cols[None, :] * stride_bn
    acc = tl.zeros((BM, BN), dtype=tl.float32)
    for start in range(0, k, BK):
        a = tl.load(a_ptrs, mask=(rows[:, None] < m) & (start + inner[None, :] < k), other=0.0)
        b = tl.load(b_ptrs, mask=(start + inner[:, None] < k) & (cols[None, :] < n), other=0.0)
        acc = tl.dot(a, b, acc)
        a_ptrs += BK * stride_ak
        b_ptrs += BK * stride_bk
    c_ptrs = c_ptr + rows[:, None] * stride_cm + cols[None, :] * stride_cn
    tl.store(c_ptrs, acc.to(tl.float16), mask=(rows[:, None] < m) & (cols[None, :] < n))
