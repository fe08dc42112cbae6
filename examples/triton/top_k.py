# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""top_k.py in Triton's spelling; one program for each row. Value and place travel as one integer, since tl.topk gives no
indices: the bits of a float in the order of integers, and below them the place, counted down so that the first wins.

kcc compile examples/triton/top_k.py --signature "x_ptr:*f32:16, v_ptr:*f32:16, i_ptr:*i32:16, n_cols:i32" \
  -D BLOCK=1024 -D K=8
"""
import triton
import triton.language as tl


@triton.jit
def top_k(x_ptr, v_ptr, i_ptr, n_cols, BLOCK: tl.constexpr, K: tl.constexpr):
    row = tl.program_id(0)
    cols = tl.arange(0, BLOCK)
    x = tl.load(x_ptr + row.to(tl.int64) * n_cols + cols, mask=cols < n_cols, other=-float("inf"))
    bits = x.to(tl.int32, bitcast=True)
    key = tl.where(bits < 0, bits ^ 0x7FFFFFFF, bits)
    best = tl.topk((key.to(tl.int64) << 32) | (BLOCK - 1 - cols).to(tl.int64), K)
    key = (best >> 32).to(tl.int32)
    bits = tl.where(key < 0, key ^ 0x7FFFFFFF, key)
    o = row.to(tl.int64) * K + tl.arange(0, K)
    tl.store(v_ptr + o, bits.to(tl.float32, bitcast=True))
    tl.store(i_ptr + o, BLOCK - 1 - (best & 0xFFFFFFFF).to(tl.int32))
