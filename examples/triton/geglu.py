# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""geglu.py in Triton's spelling.

kcc compile examples/triton/geglu.py --signature "a_ptr:*bf16:16, b_ptr:*bf16:16, y_ptr:*bf16:16, n:i32" -D BLOCK=2048
"""
import triton
import triton.language as tl


@triton.jit
def gelu(x):
    return 0.5 * x * (1 + tl.erf(x * 0.7071067811865476))


@triton.jit
def geglu(a_ptr, b_ptr, y_ptr, n, BLOCK: tl.constexpr):
    offsets = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = offsets < n
    a = tl.load(a_ptr + offsets, mask=mask, other=0).to(tl.float32)
    b = tl.load(b_ptr + offsets, mask=mask, other=0).to(tl.float32)
    tl.store(y_ptr + offsets, gelu(a) * b, mask=mask)
