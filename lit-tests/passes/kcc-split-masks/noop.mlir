// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-split-masks %s | FileCheck %s

// CHECK-NOT: scf.if

gpu.module @m {
  // One condition for the whole vector.
  gpu.func @shared(%c: i1, %a: f32, %y: !llvm.ptr<1>) kernel {
    %none = arith.constant 0.0 : f32
    %x0 = arith.select %c, %a, %none : f32
    %x1 = arith.select %c, %a, %none : f32
    %s = arith.addf %x0, %x1 : f32
    llvm.store %s, %y : f32, !llvm.ptr<1>
    gpu.return
  }

  // Two elements: a branch costs as much.
  gpu.func @short(%left: i32, %a: f32, %y: !llvm.ptr<1>) kernel {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %none = arith.constant 0.0 : f32
    %m0 = arith.cmpi sgt, %left, %c0 : i32
    %m1 = arith.cmpi sgt, %left, %c1 : i32
    %x0 = arith.select %m0, %a, %none : f32
    %x1 = arith.select %m1, %a, %none : f32
    %s = arith.addf %x0, %x1 : f32
    llvm.store %s, %y : f32, !llvm.ptr<1>
    gpu.return
  }

  // Each selection needs the one before.
  gpu.func @chain(%left: i32, %a: f32, %y: !llvm.ptr<1>) kernel {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %c2 = arith.constant 2 : i32
    %c3 = arith.constant 3 : i32
    %none = arith.constant 0.0 : f32
    %m0 = arith.cmpi sgt, %left, %c0 : i32
    %m1 = arith.cmpi sgt, %left, %c1 : i32
    %m2 = arith.cmpi sgt, %left, %c2 : i32
    %m3 = arith.cmpi sgt, %left, %c3 : i32
    %x0 = arith.select %m0, %a, %none : f32
    %x1 = arith.select %m1, %x0, %none : f32
    %x2 = arith.select %m2, %x1, %none : f32
    %x3 = arith.select %m3, %x2, %none : f32
    llvm.store %x3, %y : f32, !llvm.ptr<1>
    gpu.return
  }
}
