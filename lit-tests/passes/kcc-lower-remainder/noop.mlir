// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-remainder %s | FileCheck %s

// Integers have an instruction sequence of their own.
// CHECK: gpu.func @f
// CHECK-NEXT: arith.remsi
// CHECK-NEXT: llvm.store
gpu.module @m {
  gpu.func @f(%x: i32, %y: i32, %p: !llvm.ptr<1>) kernel {
    %r = arith.remsi %x, %y : i32
    llvm.store %r, %p : i32, !llvm.ptr<1>
    gpu.return
  }
}
