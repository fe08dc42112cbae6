// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-skip-vectors %s | FileCheck %s

gpu.module @m {
  // The sum of squares and the store have a branch each; the second one uses what the first one computed. The load stays.
  // CHECK-LABEL: gpu.func @row
  // CHECK-SAME:    %[[N:[a-z0-9]+]]: i32
  // CHECK:         %[[V:.*]] = llvm.load
  // CHECK-NEXT:    %[[C:.*]] = arith.cmpi sgt, %[[N]], %c3_i32
  // CHECK-NEXT:    %[[FIRST:.*]]:5 = scf.if %[[C]] -> (f32, f32, f32, f32, f32) {
  // CHECK:           llvm.extractelement %[[V]]
  // CHECK:           %[[SUM:.*]] = arith.addf
  // CHECK:           %[[SUM2:.*]] = arith.addf
  // CHECK:           %[[SUM3:.*]] = arith.addf
  // CHECK-NEXT:      scf.yield %[[SUM3]]
  // CHECK:         } else {
  // CHECK:           %[[ANY:.*]] = llvm.mlir.poison : f32
  // CHECK:           scf.yield %{{[a-z0-9_]+}}, %[[ANY]]
  // CHECK:         }
  // CHECK-NEXT:    llvm.store %[[FIRST]]#0
  // CHECK-NOT:     arith.select
  // CHECK:         %[[AGAIN:.*]] = arith.cmpi sgt, %[[N]], %c3_i32
  // CHECK-NEXT:    scf.if %[[AGAIN]] {
  // CHECK:           arith.mulf %[[FIRST]]#1
  // CHECK:           llvm.insertelement
  // CHECK:           llvm.store %{{.*}} {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
  // CHECK:         }
  gpu.func @row(%n: i32, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %z: !llvm.ptr<1>, %w: f32) kernel {
    %i0 = arith.constant 0 : i32
    %i1 = arith.constant 1 : i32
    %i2 = arith.constant 2 : i32
    %i3 = arith.constant 3 : i32
    %none = arith.constant 0.0 : f32
    %c = arith.cmpi sgt, %n, %i3 : i32
    %v = llvm.load %x {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
    %e0 = llvm.extractelement %v[%i0 : i32] : vector<4xf32>
    %e1 = llvm.extractelement %v[%i1 : i32] : vector<4xf32>
    %e2 = llvm.extractelement %v[%i2 : i32] : vector<4xf32>
    %e3 = llvm.extractelement %v[%i3 : i32] : vector<4xf32>
    %x0 = arith.subf %e0, %w : f32
    %x1 = arith.subf %e1, %w : f32
    %x2 = arith.subf %e2, %w : f32
    %x3 = arith.subf %e3, %w : f32
    %p0 = arith.mulf %x0, %x0 : f32
    %p1 = arith.mulf %x1, %x1 : f32
    %p2 = arith.mulf %x2, %x2 : f32
    %p3 = arith.mulf %x3, %x3 : f32
    %s0 = arith.addf %p0, %p1 : f32
    %s1 = arith.addf %p2, %p3 : f32
    %s = arith.addf %s0, %s1 : f32
    %sum = arith.select %c, %s, %none : f32
    llvm.store %sum, %z : f32, !llvm.ptr<1>
    %y0 = arith.mulf %x0, %sum : f32
    %y1 = arith.mulf %x1, %sum : f32
    %y2 = arith.mulf %x2, %sum : f32
    %y3 = arith.mulf %x3, %sum : f32
    %q0 = arith.addf %y0, %w : f32
    %q1 = arith.addf %y1, %w : f32
    %q2 = arith.addf %y2, %w : f32
    %q3 = arith.addf %y3, %w : f32
    %u = llvm.mlir.poison : vector<4xf32>
    %u0 = llvm.insertelement %q0, %u[%i0 : i32] : vector<4xf32>
    %u1 = llvm.insertelement %q1, %u0[%i1 : i32] : vector<4xf32>
    %u2 = llvm.insertelement %q2, %u1[%i2 : i32] : vector<4xf32>
    %u3 = llvm.insertelement %q3, %u2[%i3 : i32] : vector<4xf32>
    kcc.store_vector %u3, %y if %c {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
    gpu.return
  }
}
