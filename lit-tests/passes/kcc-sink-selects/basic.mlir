// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-sink-selects %s | FileCheck %s

// One selection for the maximum of four elements; what the store needs under the same condition is not selected at all.
// CHECK-LABEL: gpu.func @maximum
// CHECK-SAME:    %[[C:[a-z0-9]+]]: i1, %[[X0:[a-z0-9]+]]: f32, %[[X1:[a-z0-9]+]]: f32
// CHECK:         %[[T0:.*]] = arith.maxnumf %[[X0]], %[[X1]]
// CHECK:         %[[T1:.*]] = arith.maxnumf
// CHECK:         %[[T:.*]] = arith.maxnumf %[[T0]], %[[T1]]
// CHECK-NEXT:    %[[E1:.*]] = arith.maxnumf %cst, %cst
// CHECK-NEXT:    %[[E:.*]] = arith.maxnumf %[[E1]], %[[E1]]
// CHECK-NEXT:    %[[M:.*]] = arith.select %[[C]], %[[T]], %[[E]]
// CHECK:         arith.subf %[[X0]], %[[T]] :
// CHECK-NOT:     arith.select
// CHECK:         kcc.store_vector
gpu.module @m {
  gpu.func @maximum(%c: i1, %x0: f32, %x1: f32, %x2: f32, %x3: f32, %y: !llvm.ptr<1>, %z: !llvm.ptr<1>) kernel {
    %i0 = arith.constant 0 : i32
    %i1 = arith.constant 1 : i32
    %i2 = arith.constant 2 : i32
    %i3 = arith.constant 3 : i32
    %none = arith.constant 0xFF800000 : f32
    %a0 = arith.select %c, %x0, %none : f32
    %a1 = arith.select %c, %x1, %none : f32
    %a2 = arith.select %c, %x2, %none : f32
    %a3 = arith.select %c, %x3, %none : f32
    %m0 = arith.maxnumf %a0, %a1 : f32
    %m1 = arith.maxnumf %a2, %a3 : f32
    %m = arith.maxnumf %m0, %m1 : f32
    llvm.store %m, %z : f32, !llvm.ptr<1>
    %d0 = arith.subf %a0, %m : f32
    %d1 = arith.subf %a1, %m : f32
    %d2 = arith.subf %a2, %m : f32
    %d3 = arith.subf %a3, %m : f32
    %v = llvm.mlir.poison : vector<4xf32>
    %v0 = llvm.insertelement %d0, %v[%i0 : i32] : vector<4xf32>
    %v1 = llvm.insertelement %d1, %v0[%i1 : i32] : vector<4xf32>
    %v2 = llvm.insertelement %d2, %v1[%i2 : i32] : vector<4xf32>
    %v3 = llvm.insertelement %d3, %v2[%i3 : i32] : vector<4xf32>
    kcc.store_vector %v3, %y if %c {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
    gpu.return
  }

  // What is loaded elsewhere is not needed: the sum is selected instead. The store needs it in its branch only.
  // CHECK-LABEL: gpu.func @sum_of_loaded
  // CHECK-SAME:    %[[C:[a-z0-9]+]]: i1
  // CHECK:         kcc.load_vector %{{.*}} if %[[C]] {alignment = 16 : i64}
  // CHECK:         %[[S:.*]] = arith.addf
  // CHECK:         %[[S1:.*]] = arith.addf
  // CHECK:         %[[T:.*]] = arith.addf %[[S]], %[[S1]]
  // CHECK:         arith.select %[[C]], %[[T]]
  // CHECK-NOT:     arith.select
  gpu.func @sum_of_loaded(%c: i1, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %z: !llvm.ptr<1>) kernel {
    %i0 = arith.constant 0 : i32
    %i1 = arith.constant 1 : i32
    %i2 = arith.constant 2 : i32
    %i3 = arith.constant 3 : i32
    %zero = arith.constant dense<0.0> : vector<4xf32>
    %v = kcc.load_vector %x if %c else %zero {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
    %e0 = llvm.extractelement %v[%i0 : i32] : vector<4xf32>
    %e1 = llvm.extractelement %v[%i1 : i32] : vector<4xf32>
    %e2 = llvm.extractelement %v[%i2 : i32] : vector<4xf32>
    %e3 = llvm.extractelement %v[%i3 : i32] : vector<4xf32>
    %s0 = arith.addf %e0, %e1 : f32
    %s1 = arith.addf %e2, %e3 : f32
    %s = arith.addf %s0, %s1 : f32
    llvm.store %s, %z : f32, !llvm.ptr<1>
    scf.if %c {
      llvm.store %e0, %y : f32, !llvm.ptr<1>
    }
    gpu.return
  }
}
