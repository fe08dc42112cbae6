# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""adam.py in Triton's spelling.

kcc compile examples/triton/adam.py --signature "p_ptr:*bf16:16, grad_ptr:*bf16:16, m_ptr:*f32:16, v_ptr:*f32:16, lr:f32, beta1:f32, beta2:f32, eps:f32, decay:f32, bias1:f32, bias2:f32, n:i32" -D BLOCK=1024
"""
import triton
import triton.language as tl


@triton.jit
def adam(p_ptr, grad_ptr, m_ptr, v_ptr, lr, beta1, beta2, eps, decay, bias1, bias2, n, BLOCK: tl.constexpr):
    offsets = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    mask = offsets < n
    p = tl.load(p_ptr + offsets, mask=mask).to(tl.float32)
    grad = tl.load(grad_ptr + offsets, mask=mask).to(tl.float32)
    m = beta1 * tl.load(m_ptr + offsets, mask=mask) + (1 - beta1) * grad
    v = beta2 * tl.load(v_ptr + offsets, mask=mask) + (1 - beta2) * grad * grad
    tl.store(m_ptr + offsets, m, mask=mask)
    tl.store(v_ptr + offsets, v, mask=mask)
    update = (m / bias1) / (tl.sqrt(v / bias2) + eps) + decay * p
    tl.store(p_ptr + offsets, p - lr * update, mask=mask)
