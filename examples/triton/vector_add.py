# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""vector_add.py in Triton's spelling.

kcc compile examples/triton/vector_add.py --signature "x_ptr:*f32:16, y_ptr:*f32:16, z_ptr:*f32:16, n:i32" -D BLOCK=1024
"""
import triton
import triton.language as tl


@triton.jit
def vector_add(x_ptr, y_ptr, z_ptr, n, BLOCK: tl.constexpr):
    offsets = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = offsets < n
    x = tl.load(x_ptr + offsets, mask=mask)
    y = tl.load(y_ptr + offsets, mask=mask)
    tl.store(z_ptr + offsets, x + y, mask=mask)
