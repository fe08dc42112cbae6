# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""gelu_dropout.py in Triton's spelling, with a random number of its own for each element.

kcc compile examples/triton/gelu_dropout.py --signature "x_ptr:*bf16:16, bias_ptr:*bf16:16, r_ptr:*bf16:16, y_ptr:*bf16:16, n_elements:i32, n_cols:i32:16, p:f32, seed:i32" -D BLOCK=1024
"""
import triton
import triton.language as tl


@triton.jit
def gelu_dropout(x_ptr, bias_ptr, r_ptr, y_ptr, n_elements, n_cols, p, seed, BLOCK: tl.constexpr):
    offsets = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = offsets < n_elements
    x = tl.load(x_ptr + offsets, mask=mask, other=0.0).to(tl.float32)
    x += tl.load(bias_ptr + offsets % n_cols, mask=mask, other=0.0).to(tl.float32)
    residual = tl.load(r_ptr + offsets, mask=mask, other=0.0).to(tl.float32)
    gelu = 0.5 * x * (1 + tl.erf(x * 0.7071067811865476))
    keep = tl.rand(seed, offsets) >= p
    tl.store(y_ptr + offsets, tl.where(keep, gelu / (1 - p), 0.0) + residual, mask=mask)
