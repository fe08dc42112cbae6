# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""sum_two_pass.py in Triton's spelling: partial_sums on a grid of any number of programs, then total_sum on one.

kcc compile examples/triton/sum_two_pass.py --kernel partial_sums --signature "x_ptr:*f32:16, part_ptr:*f32:16, n:i64" -D BLOCK=4096
kcc compile examples/triton/sum_two_pass.py --kernel total_sum --signature "part_ptr:*f32:16, y_ptr:*f32:16, parts:i32" -D BLOCK=1024
"""
import triton
import triton.language as tl


@triton.jit
def partial_sums(x_ptr, part_ptr, n, BLOCK: tl.constexpr):
    p = tl.program_id(0)
    acc = tl.zeros([BLOCK], tl.float32)
    for start in range(p.to(tl.int64) * BLOCK, n, tl.num_programs(0).to(tl.int64) * BLOCK):
        i = start + tl.arange(0, BLOCK)
        acc += tl.load(x_ptr + i, mask=i < n, other=0.0).to(tl.float32)
    tl.store(part_ptr + p, tl.sum(acc, axis=0))


@triton.jit
def total_sum(part_ptr, y_ptr, parts, BLOCK: tl.constexpr):
    acc = tl.zeros([BLOCK], tl.float32)
    for start in range(0, parts, BLOCK):
        i = start + tl.arange(0, BLOCK)
        acc += tl.load(part_ptr + i, mask=i < parts, other=0.0)
    tl.store(y_ptr, tl.sum(acc, axis=0))
