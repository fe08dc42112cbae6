// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-call-math-intrinsics %s | FileCheck %s

gpu.module @m {
  // CHECK-LABEL: llvm.func @f
  // CHECK:         llvm.call_intrinsic "llvm.exp2"(%{{.*}}) : (f32) -> f32
  // CHECK:         llvm.call_intrinsic "llvm.fma"(%{{.*}}, %{{.*}}, %{{.*}}) {fastmathFlags = #llvm.fastmath<contract>}
  // CHECK-NOT:     llvm.intr
  llvm.func @f(%x: f32) -> f32 {
    %a = llvm.intr.exp2(%x) : (f32) -> f32
    %b = llvm.intr.fma(%a, %x, %x) {fastmathFlags = #llvm.fastmath<contract>} : (f32, f32, f32) -> f32
    llvm.return %b : f32
  }
}
