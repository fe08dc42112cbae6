# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""masked_fill.py in Triton's spelling.

kcc compile examples/triton/masked_fill.py --signature "x_ptr:*bf16:16, mask_ptr:*i1:16, y_ptr:*bf16:16, value:f32, n:i32" -D BLOCK=2048
"""
import triton
import triton.language as tl


@triton.jit
def masked_fill(x_ptr, mask_ptr, y_ptr, value, n, BLOCK: tl.constexpr):
    offsets = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    inside = offsets < n
    x = tl.load(x_ptr + offsets, mask=inside).to(tl.float32)
    fill = tl.load(mask_ptr + offsets, mask=inside, other=0)
    tl.store(y_ptr + offsets, tl.where(fill, value, x), mask=inside)
