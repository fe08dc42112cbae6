// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-math %s | FileCheck %s

// CHECK-LABEL: gpu.func @row
// CHECK:         arith.divf {{.*}} fastmath<afn>
// CHECK-NOT:     div
// CHECK-COUNT-8: arith.mulf
// CHECK-NOT:     div
// CHECK-LABEL: gpu.func @pair
// CHECK-COUNT-2: llvm.call_intrinsic "llvm.nvvm.div.full"
gpu.module @m {
  gpu.func @row(%a: f32, %b: f32, %c: f32, %d: f32, %sum: f32, %p: !llvm.ptr<1>) kernel {
    %0 = arith.divf %a, %sum : f32
    %1 = arith.divf %b, %sum : f32
    %2 = arith.divf %c, %sum : f32
    %3 = arith.divf %d, %sum : f32
    llvm.store %0, %p : f32, !llvm.ptr<1>
    llvm.store %1, %p : f32, !llvm.ptr<1>
    llvm.store %2, %p : f32, !llvm.ptr<1>
    llvm.store %3, %p : f32, !llvm.ptr<1>
    gpu.return
  }
  gpu.func @pair(%a: f32, %b: f32, %sum: f32, %p: !llvm.ptr<1>) kernel {
    %0 = arith.divf %a, %sum : f32
    %1 = arith.divf %b, %sum : f32
    llvm.store %0, %p : f32, !llvm.ptr<1>
    llvm.store %1, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}

// -----

// Quotients in several branches share the reciprocal, which is computed before all of them.
// CHECK-LABEL: gpu.func @in_branches
// CHECK:         arith.divf
// CHECK:         scf.if
// CHECK-NOT:     arith.divf
gpu.module @branches {
  gpu.func @in_branches(%c: i1, %d: i1, %x: f32, %y: f32, %p: !llvm.ptr<1>) kernel {
    scf.if %c {
      %a = arith.divf %x, %y : f32
      %q = arith.divf %a, %y : f32
      llvm.store %q, %p : f32, !llvm.ptr<1>
    }
    scf.if %d {
      %a = arith.divf %y, %y : f32
      %q = arith.divf %a, %y : f32
      llvm.store %q, %p : f32, !llvm.ptr<1>
    }
    gpu.return
  }
}
