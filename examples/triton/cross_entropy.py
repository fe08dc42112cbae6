# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""cross_entropy.py in Triton's spelling.

kcc compile examples/triton/cross_entropy.py --signature "logits_ptr:*bf16:16, label_ptr:*i64:16, loss_ptr:*f32:16, stride:i32:16, n_classes:i32" -D BLOCK=4096
"""
import triton
import triton.language as tl


@triton.jit
def cross_entropy(logits_ptr, label_ptr, loss_ptr, stride, n_classes, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    logits_ptr += row * stride
    cols = tl.arange(0, BLOCK)
    top = tl.full([BLOCK], -3e38, tl.float32)
    total = tl.zeros([BLOCK], tl.float32)
    for start in range(0, n_classes, BLOCK):
        x = tl.load(logits_ptr + start + cols, mask=start + cols < n_classes, other=-float("inf")).to(tl.float32)
        smaller = tl.exp(-tl.abs(x - top))
        total = tl.where(x > top, total * smaller + 1, total + smaller)
        top = tl.maximum(top, x)
    peak = tl.max(top, axis=0)
    total = tl.sum(total * tl.exp(top - peak), axis=0)
    label = tl.load(label_ptr + row)
    tl.store(loss_ptr + row, tl.log(total) + peak - tl.load(logits_ptr + label).to(tl.float32))
