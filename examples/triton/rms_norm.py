# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""rms_norm.py in Triton's spelling, one program for each row of at most BLOCK elements.

kcc compile examples/triton/rms_norm.py --signature "x_ptr:*bf16:16, w_ptr:*bf16:16, y_ptr:*bf16:16, stride:i32:16, n_cols:i32, eps:f32" -D BLOCK=4096
"""
import triton
import triton.language as tl


@triton.jit
def rms_norm(x_ptr, w_ptr, y_ptr, stride, n_cols, eps, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    cols = tl.arange(0, BLOCK)
    mask = cols < n_cols
    x = tl.load(x_ptr + row * stride + cols, mask=mask, other=0.0).to(tl.float32)
    w = tl.load(w_ptr + cols, mask=mask, other=0.0).to(tl.float32)
    rstd = tl.rsqrt(tl.sum(x * x, axis=0) / n_cols + eps)
    tl.store(y_ptr + row * stride + cols, x * rstd * w, mask=mask)
