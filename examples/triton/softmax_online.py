# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""softmax_online.py in Triton's spelling.

kcc compile examples/triton/softmax_online.py --signature "x_ptr:*f32:16, y_ptr:*f32:16, n_cols:i32" -D BLOCK=2048
"""
import triton
import triton.language as tl


@triton.jit
def softmax_online(x_ptr, y_ptr, n_cols, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    x_ptr += row * n_cols
    y_ptr += row * n_cols
    cols = tl.arange(0, BLOCK)
    top = tl.full([BLOCK], -float("inf"), tl.float32)
    total = tl.zeros([BLOCK], tl.float32)
    for start in range(0, n_cols, BLOCK):
        x = tl.load(x_ptr + start + cols, mask=start + cols < n_cols, other=-float("inf")).to(tl.float32)
        new = tl.maximum(top, x)
        total = tl.where(new > -float("inf"), total * tl.exp(top - new) + tl.exp(x - new), 0.0)
        top = new
    peak = tl.max(top, axis=0)
    scale = 1 / tl.sum(tl.where(top > -float("inf"), total * tl.exp(top - peak), 0.0), axis=0)
    for start in range(0, n_cols, BLOCK):
        mask = start + cols < n_cols
        x = tl.load(x_ptr + start + cols, mask=mask).to(tl.float32)
        tl.store(y_ptr + start + cols, tl.exp(x - peak) * scale, mask=mask)
