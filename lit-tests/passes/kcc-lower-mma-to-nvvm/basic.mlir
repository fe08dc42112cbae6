// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-mma-to-nvvm %s | FileCheck %s

gpu.module @m {
  // Pairs of f16 share a register.
  // CHECK-LABEL: gpu.func @half
  // CHECK:         llvm.call_intrinsic "llvm.nvvm.mma.m16n8k8.row.col.f32.f32"
  // CHECK-SAME:      (vector<2xf16>, vector<2xf16>, vector<2xf16>, f32, f32, f32, f32) -> !llvm.struct<(f32, f32, f32, f32)>
  gpu.func @half(%a: f16, %c: f32, %p: !llvm.ptr<1>) kernel {
    %d:4 = kcc.mma "mma.m16n8k8.f32.f16" a(%a, %a, %a, %a : f16, f16, f16, f16) b(%a, %a : f16, f16) c(%c, %c, %c, %c : f32, f32, f32, f32) -> f32, f32, f32, f32
    llvm.store %d#3, %p : f32, !llvm.ptr<1>
    gpu.return
  }

  // The factors of tf32 products are rounded, not cut off.
  // CHECK-LABEL: gpu.func @tf32
  // CHECK-COUNT-3: llvm.call_intrinsic "llvm.nvvm.f2tf32.rna"
  // CHECK:         llvm.call_intrinsic "llvm.nvvm.mma.m16n8k4.row.col.tf32"
  // CHECK-SAME:      (i32, i32, i32, f32, f32, f32, f32)
  gpu.func @tf32(%a: f32, %c: f32, %p: !llvm.ptr<1>) kernel {
    %d:4 = kcc.mma "mma.m16n8k4.f32.tf32" a(%a, %a : f32, f32) b(%a : f32) c(%c, %c, %c, %c : f32, f32, f32, f32) -> f32, f32, f32, f32
    llvm.store %d#0, %p : f32, !llvm.ptr<1>
    gpu.return
  }

  // Integers without a sign.
  // CHECK-LABEL: gpu.func @unsigned
  // CHECK:         llvm.call_intrinsic "llvm.nvvm.mma.m16n8k16.row.col.u8"
  // CHECK-SAME:      (i32, i32, i32, i32, i32, i32, i32)
  gpu.func @unsigned(%a: i8, %c: i32, %p: !llvm.ptr<1>) kernel {
    %d:4 = kcc.mma "mma.m16n8k16.i32.u8" a(%a, %a, %a, %a, %a, %a, %a, %a : i8, i8, i8, i8, i8, i8, i8, i8)
        b(%a, %a, %a, %a : i8, i8, i8, i8) c(%c, %c, %c, %c : i32, i32, i32, i32) -> i32, i32, i32, i32
    llvm.store %d#0, %p : i32, !llvm.ptr<1>
    gpu.return
  }
}
