# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: kcc compile %s --target cpu --compile-to tile -o - | FileCheck %s
# RUN: kcc compile %s --target cpu --compile-to tile -D D=32 -o - | FileCheck %s --check-prefix=FIXED
from kcc import *

M, D = sizes("M", "D")

# CHECK: affine_map<()[s0] -> (s0 ceildiv 16)>
# CHECK-LABEL: gpu.func @scale(
# CHECK-SAME: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.dtype = "f16", kcc.kind = "tensor", kcc.name = "X", kcc.shape = ["M", "D"]}
# CHECK-SAME: f32 {kcc.dtype = "f32", kcc.kind = "scalar", kcc.name = "factor"}
# CHECK-SAME: i64 {kcc.kind = "size", kcc.name = "M"}, %[[D:.*]]: i64 {kcc.kind = "size", kcc.name = "D"}
# CHECK-SAME: kernel attributes
# CHECK-SAME: kcc.requires = ["D <= 64"]
# FIXED-LABEL: gpu.func @scale(
# FIXED-SAME: kcc.shape = ["M", 32]
# FIXED-SAME: kcc.constants = {BD = 64 : i64, BM = 16 : i64, D = 32 : i64}


@kernel
def scale(X: Tensor[M, D, f16], factor: f32, BM: const = 16, BD: const = 64):
    assert D <= BD
    r = grid(cdiv(M, BM)) * BM
    # CHECK: %[[VIEW:.*]] = kcc.view %{{.*}}, sizes[%{{.*}}, %[[D]]], strides[%[[D]], %{{.*}}] : <f16> -> <?x?xf16>
    # CHECK: %[[ID:.*]] = kcc.program_id 0
    # CHECK: %[[WIDE:.*]] = arith.extsi %[[ID]] : i32 to i64
    # CHECK: %[[ROW:.*]] = arith.muli %[[WIDE]], %{{.*}} : i64
    # CHECK: %[[TILE:.*]] = kcc.load_tile %[[VIEW]][%[[ROW]], %{{.*}}] dims [0, 1] : <?x?xf16> -> tensor<16x64xf16>
    # CHECK: %[[F32:.*]] = arith.extf %[[TILE]] : tensor<16x64xf16> to tensor<16x64xf32>
    # CHECK: %[[FACTOR:.*]] = tensor.splat %{{.*}} : tensor<16x64xf32>
    # CHECK: %[[PRODUCT:.*]] = arith.mulf %[[F32]], %[[FACTOR]] : tensor<16x64xf32>
    # CHECK: %[[F16:.*]] = arith.truncf %[[PRODUCT]]
    # CHECK: kcc.store_tile %[[F16]], %[[VIEW]][%[[ROW]], %{{.*}}] dims [0, 1]
    X[r:r+BM, 0:BD] = X[r:r+BM, 0:BD] * factor
