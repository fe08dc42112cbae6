// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-split-masks %s | FileCheck %s

// The row ends behind the four elements, in them, or before them.
// CHECK-LABEL: gpu.func @end
// CHECK-SAME:    %[[LEFT:[a-z0-9]+]]: i32, %[[A:[a-z0-9]+]]: f32
// CHECK:         %[[ALL:.*]] = arith.cmpi sgt, %[[LEFT]], %c3_i32 :
// CHECK:         %[[MIXED:.*]]:4 = scf.if %[[ALL]] -> (f32, f32, f32, f32) {
// CHECK-NEXT:      scf.yield %[[A]]
// CHECK-NEXT:    } else {
// CHECK:           %[[FIRST:.*]] = arith.cmpi sgt, %[[LEFT]], %c0_i32
// CHECK:           arith.select %[[FIRST]], %[[A]], %cst
// CHECK-COUNT-3:   arith.select
// CHECK:           scf.yield
// CHECK:         %[[ANY:.*]] = arith.cmpi sgt, %[[LEFT]], %c0_i32
// CHECK-NEXT:    arith.select %[[ANY]], %[[MIXED]]#0, %cst
// CHECK-NEXT:    arith.select %[[ANY]], %[[MIXED]]#1, %cst
// CHECK-NEXT:    arith.select %[[ANY]], %[[MIXED]]#2, %cst
// CHECK-NEXT:    arith.select %[[ANY]], %[[MIXED]]#3, %cst
// CHECK-NEXT:    arith.addf
gpu.module @m {
  gpu.func @end(%left: i32, %a: f32, %b: f32, %c: f32, %d: f32, %y: !llvm.ptr<1>) kernel {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %c2 = arith.constant 2 : i32
    %c3 = arith.constant 3 : i32
    %none = arith.constant 0.0 : f32
    %m0 = arith.cmpi sgt, %left, %c0 : i32
    %m1 = arith.cmpi sgt, %left, %c1 : i32
    // However it is written.
    %m2 = arith.cmpi slt, %c2, %left : i32
    %m3 = arith.cmpi sgt, %left, %c3 : i32
    %x0 = arith.select %m0, %a, %none : f32
    %x1 = arith.select %m1, %b, %none : f32
    %x2 = arith.select %m2, %c, %none : f32
    %x3 = arith.select %m3, %d, %none : f32
    %s0 = arith.addf %x0, %x1 : f32
    %s1 = arith.addf %x2, %x3 : f32
    %s = arith.addf %s0, %s1 : f32
    llvm.store %s, %y : f32, !llvm.ptr<1>
    gpu.return
  }

  // A begin and an end, and a condition of the row: all are joined.
  // CHECK-LABEL: gpu.func @begin_and_end
  // CHECK-SAME:    %[[ROW:[a-z0-9]+]]: i1, %[[BEGIN:[a-z0-9]+]]: i32, %[[END:[a-z0-9]+]]: i32
  // CHECK:         %[[BELOW:.*]] = arith.cmpi sgt, %[[END]], %c11_i32 :
  // CHECK:         %[[BOTH:.*]] = arith.andi %[[ROW]], %[[BELOW]]
  // CHECK:         %[[FROM:.*]] = arith.cmpi sle, %[[BEGIN]], %c8_i32 :
  // CHECK:         %[[ALL:.*]] = arith.andi %[[BOTH]], %[[FROM]]
  // CHECK:         scf.if %[[ALL]]
  // CHECK:         arith.cmpi sgt, %[[END]], %c8_i32 :
  // CHECK:         arith.cmpi sle, %[[BEGIN]], %c11_i32 :
  gpu.func @begin_and_end(%row: i1, %begin: i32, %end: i32, %a: f32, %y: !llvm.ptr<1>) kernel {
    %c8 = arith.constant 8 : i32
    %c9 = arith.constant 9 : i32
    %c10 = arith.constant 10 : i32
    %c11 = arith.constant 11 : i32
    %none = arith.constant 0.0 : f32
    %e0 = arith.cmpi sgt, %end, %c8 : i32
    %e1 = arith.cmpi sgt, %end, %c9 : i32
    %e2 = arith.cmpi sgt, %end, %c10 : i32
    %e3 = arith.cmpi sgt, %end, %c11 : i32
    %b0 = arith.cmpi sle, %begin, %c8 : i32
    %b1 = arith.cmpi sle, %begin, %c9 : i32
    %b2 = arith.cmpi sle, %begin, %c10 : i32
    %b3 = arith.cmpi sle, %begin, %c11 : i32
    %r0 = arith.andi %row, %e0 : i1
    %r1 = arith.andi %row, %e1 : i1
    %r2 = arith.andi %row, %e2 : i1
    %r3 = arith.andi %row, %e3 : i1
    %m0 = arith.andi %r0, %b0 : i1
    %m1 = arith.andi %r1, %b1 : i1
    %m2 = arith.andi %r2, %b2 : i1
    %m3 = arith.andi %r3, %b3 : i1
    %x0 = arith.select %m0, %a, %none : f32
    %x1 = arith.select %m1, %a, %none : f32
    %x2 = arith.select %m2, %a, %none : f32
    %x3 = arith.select %m3, %a, %none : f32
    %s0 = arith.addf %x0, %x1 : f32
    %s1 = arith.addf %x2, %x3 : f32
    %s = arith.addf %s0, %s1 : f32
    llvm.store %s, %y : f32, !llvm.ptr<1>
    gpu.return
  }
}
