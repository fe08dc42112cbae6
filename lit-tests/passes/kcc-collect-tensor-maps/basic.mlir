// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-collect-tensor-maps %s | FileCheck %s

// CHECK: gpu.func @f
// CHECK-SAME: kcc.tensor_maps = [
// CHECK-SAME: {box = array<i64: 128, 64>, of = "A", promotion = 128 : i64, swizzle = 128 : i64},
// CHECK-SAME: {box = array<i64: 1, 64, 32>, of = "B", promotion = 256 : i64, rounds = "tf32", swizzle = 0 : i64}]
gpu.module @m {
  gpu.func @f(%a: !llvm.ptr {kcc.name = "A", kcc.kind = "tensor"}, %n: i64,
      %map: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 128, 64>, kcc.swizzle = 128 : i64},
      %other: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "B", kcc.box = array<i64: 1, 64, 32>, kcc.swizzle = 0 : i64,
                         kcc.promotion = 256 : i64, kcc.rounds = "tf32"}) kernel {
    gpu.return
  }
}
