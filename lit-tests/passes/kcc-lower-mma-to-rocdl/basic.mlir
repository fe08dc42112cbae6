// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-lower-mma-to-rocdl %s | FileCheck %s

gpu.module @m {
  // CHECK-LABEL: gpu.func @half
  // CHECK:         llvm.call_intrinsic "llvm.amdgcn.mfma.f32.16x16x16f16"
  // CHECK-SAME:      (vector<4xf16>, vector<4xf16>, vector<4xf32>, i32, i32, i32) -> vector<4xf32>
  gpu.func @half(%a: f16, %c: f32, %p: !llvm.ptr<1>) kernel {
    %d:4 = kcc.mma "mfma.m16n16k16.f32.f16" a(%a, %a, %a, %a : f16, f16, f16, f16) b(%a, %a, %a, %a : f16, f16, f16, f16) c(%c, %c, %c, %c : f32, f32, f32, f32) -> f32, f32, f32, f32
    llvm.store %d#3, %p : f32, !llvm.ptr<1>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @bytes
  // CHECK:         llvm.call_intrinsic "llvm.amdgcn.mfma.i32.16x16x32.i8"
  // CHECK-SAME:      (i64, i64, vector<4xi32>, i32, i32, i32) -> vector<4xi32>
  gpu.func @bytes(%a: i8, %c: i32, %p: !llvm.ptr<1>) kernel {
    %d:4 = kcc.mma "mfma.m16n16k32.i32.i8" a(%a, %a, %a, %a, %a, %a, %a, %a : i8, i8, i8, i8, i8, i8, i8, i8) b(%a, %a, %a, %a, %a, %a, %a, %a : i8, i8, i8, i8, i8, i8, i8, i8) c(%c, %c, %c, %c : i32, i32, i32, i32) -> i32, i32, i32, i32
    llvm.store %d#0, %p : i32, !llvm.ptr<1>
    gpu.return
  }
}
