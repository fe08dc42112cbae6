# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: kcc compile %s --target cpu --compile-to tile --signature "x_ptr:*fp16:16, y_ptr:*fp32, n:i32:16, B:constexpr=256" -o - | FileCheck %s
import torch
import triton
import triton.language as tl


class Host:
    """Host code may be anything."""

    def launch(self, x, *args, **kwargs):
        with torch.no_grad():
            return [add[(1,)](x, y) for y in args if y is not None]


# CHECK-LABEL: gpu.func @add(
# CHECK-SAME: %[[X:[^:]*]]: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.dtype = "f16", kcc.kind = "pointer", kcc.name = "x_ptr"}
# CHECK-SAME: %[[Y:[^:]*]]: !kcc.ptr<f32> {kcc.dtype = "f32", kcc.kind = "pointer", kcc.name = "y_ptr"}
# CHECK-SAME: i32 {kcc.divisibility = 16 : i64, kcc.dtype = "i32", kcc.kind = "scalar", kcc.name = "n"}
# CHECK-NOT: kcc.grid
@triton.autotune(configs=[triton.Config({"B": 64}, num_warps=4)], key=["n"])
@triton.jit
def add(x_ptr, y_ptr, n, B: tl.constexpr, SCALE: tl.constexpr = None):
    # CHECK: %[[ID:.*]] = kcc.program_id 0
    # CHECK: %[[START:.*]] = arith.muli %[[ID]]
    # CHECK: %[[RANGE:.*]] = kcc.arange : tensor<256xi32>
    # CHECK: %[[OFFSETS:.*]] = arith.addi %{{.*}}, %[[RANGE]] : tensor<256xi32>
    offsets = tl.program_id(axis=0) * B + tl.arange(0, B)
    # CHECK: %[[MASK:.*]] = arith.cmpi slt, %[[OFFSETS]]
    mask = offsets < n
    # CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<256xf16>
    # CHECK: %[[V:.*]] = kcc.load %[[X]][%[[OFFSETS]]] mask %[[MASK]] other %[[ZERO]] : <f16>, tensor<256xi32> -> tensor<256xf16>
    x = tl.load(x_ptr + offsets, mask=mask, other=0.0)
    if SCALE is not None:
        x = x * SCALE
    # CHECK: %[[W:.*]] = arith.extf %[[V]] : tensor<256xf16> to tensor<256xf32>
    # CHECK: kcc.store %[[W]], %[[Y]][%[[OFFSETS]]] mask %[[MASK]] : tensor<256xf32>, <f32>, tensor<256xi32>
    tl.store(y_ptr + offsets, x, mask=mask)
