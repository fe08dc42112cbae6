// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-call-math-intrinsics %s | FileCheck %s

// CHECK: llvm.func @f
// CHECK-NEXT: llvm.intr.maximum
// CHECK-NEXT: llvm.return
gpu.module @m {
  llvm.func @f(%x: f32) -> f32 {
    %a = llvm.intr.maximum(%x, %x) : (f32, f32) -> f32
    llvm.return %a : f32
  }
}
