# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""group_norm.py in Triton's spelling: a program for each group of channels of each batch, group_size elements of it.

kcc compile examples/triton/group_norm.py --signature "x_ptr:*bf16:16, w_ptr:*bf16:16, b_ptr:*bf16:16, y_ptr:*bf16:16, group_channels:i32, n_positions:i32:16, n_groups:i32, eps:f32" -D BLOCK=2048
"""
import triton
import triton.language as tl


@triton.jit
def group_norm(x_ptr, w_ptr, b_ptr, y_ptr, group_channels, n_positions, n_groups, eps, BLOCK: tl.constexpr):
    pid = tl.program_id(0)
    size = group_channels * n_positions
    x_ptr += pid.to(tl.int64) * size
    y_ptr += pid.to(tl.int64) * size
    total = tl.zeros([BLOCK], tl.float32)
    for start in range(0, size, BLOCK):
        offsets = start + tl.arange(0, BLOCK)
        total += tl.load(x_ptr + offsets, mask=offsets < size, other=0.0).to(tl.float32)
    mean = tl.sum(total, axis=0) / size
    squares = tl.zeros([BLOCK], tl.float32)
    for start in range(0, size, BLOCK):
        offsets = start + tl.arange(0, BLOCK)
        x = tl.load(x_ptr + offsets, mask=offsets < size, other=0.0).to(tl.float32)
        d = tl.where(offsets < size, x - mean, 0.0)
        squares += d * d
    rstd = 1 / tl.sqrt(tl.sum(squares, axis=0) / size + eps)
    for channel in range(0, group_channels):
        c = (pid % n_groups) * group_channels + channel
        w = tl.load(w_ptr + c).to(tl.float32) * rstd
        b = tl.load(b_ptr + c).to(tl.float32)
        for start in range(0, n_positions, BLOCK):
            positions = start + tl.arange(0, BLOCK)
            mask = positions < n_positions
            x = tl.load(x_ptr + channel * n_positions + positions, mask=mask).to(tl.float32)
            tl.store(y_ptr + channel * n_positions + positions, (x - mean) * w + b, mask=mask)
