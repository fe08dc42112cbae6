# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""cross_entropy_backward.py in Triton's spelling: the gradient takes the place of the logits.

kcc compile examples/triton/cross_entropy_backward.py --signature "logits_ptr:*bf16:16, label_ptr:*i64:16, loss_ptr:*f32:16, scale:f32, stride:i32:16, n_classes:i32, ignore_index:i32" -D BLOCK=4096
"""
import triton
import triton.language as tl


@triton.jit
def cross_entropy_backward(logits_ptr, label_ptr, loss_ptr, scale, stride, n_classes, ignore_index, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    logits_ptr += row * stride
    cols = tl.arange(0, BLOCK)
    label = tl.load(label_ptr + row)
    if label == ignore_index:
        for start in range(0, n_classes, BLOCK):
            tl.store(logits_ptr + start + cols, 0.0, mask=start + cols < n_classes)
        tl.store(loss_ptr + row, 0.0)
        return
    top = tl.full([BLOCK], -3e38, tl.float32)
    total = tl.zeros([BLOCK], tl.float32)
    for start in range(0, n_classes, BLOCK):
        x = tl.load(logits_ptr + start + cols, mask=start + cols < n_classes, other=-float("inf")).to(tl.float32)
        smaller = tl.exp(-tl.abs(x - top))
        total = tl.where(x > top, total * smaller + 1, total + smaller)
        top = tl.maximum(top, x)
    peak = tl.max(top, axis=0)
    total = tl.sum(total * tl.exp(top - peak), axis=0)
    tl.store(loss_ptr + row, tl.log(total) + peak - tl.load(logits_ptr + label).to(tl.float32))
    tl.debug_barrier()
    for start in range(0, n_classes, BLOCK):
        mask = start + cols < n_classes
        x = tl.load(logits_ptr + start + cols, mask=mask, other=0.0).to(tl.float32)
        y = tl.exp(x - peak) / total
        tl.store(logits_ptr + start + cols, tl.where(start + cols == label, y - 1, y) * scale, mask=mask)
