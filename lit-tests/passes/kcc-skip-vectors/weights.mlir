// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-skip-vectors %s | FileCheck %s

gpu.module @m {
  // Weights are loaded where the vector that needs them is stored, both in one branch. Blocks of four warps have a branch of
  // their own for whole vectors.
  // CHECK-LABEL: gpu.func @four_warps
  // CHECK-SAME:    %[[N:[a-z0-9]+]]: i32, %[[X:[a-z0-9]+]]: !llvm.ptr<1>, %[[W:[a-z0-9]+]]: !llvm.ptr<1>, %[[B:[a-z0-9]+]]: !llvm.ptr<1>, %[[Y:[a-z0-9]+]]: !llvm.ptr<1>
  // CHECK:         llvm.load %[[X]]
  // CHECK-NOT:     scf.if %{{.*}} -> (vector<2xf32>)
  // CHECK:         %[[WHOLE:[0-9]+]] = arith.cmpi sgt, %[[N]], %c5_i32 : i32
  // CHECK-NEXT:    scf.if %[[WHOLE]] {
  // CHECK-DAG:       llvm.load %[[W]]
  // CHECK-DAG:       llvm.load %[[B]]
  // CHECK:           arith.addf
  // CHECK:           llvm.store %{{.*}}, %[[Y]] {alignment = 8 : i64} : vector<2xf32>
  // CHECK-NOT:       kcc.store_vector
  // CHECK:         } else {
  // CHECK:           scf.if %{{.*}} {
  // CHECK:             %[[BOTH:.*]]:2 = scf.if %{{.*}} -> (vector<2xf32>, vector<2xf32>) {
  // CHECK-NEXT:          llvm.load %[[W]]
  // CHECK-NEXT:          llvm.load %[[B]]
  // CHECK:             } else {
  // CHECK:               llvm.load %[[W]]
  // CHECK:               llvm.load %[[B]]
  // CHECK:             }
  // CHECK:             kcc.store_vector %{{.*}}, %[[Y]] if %{{.*}} {alignment = 8 : i64}
  // CHECK:             kcc.store_vector %{{.*}}, %[[Y]] if %{{.*}} {alignment = 4 : i64}
  gpu.func @four_warps(%n: i32, %x: !llvm.ptr<1>, %w: !llvm.ptr<1>, %b: !llvm.ptr<1>, %y: !llvm.ptr<1>, %r: f32) kernel
      attributes {kcc.num_warps = 4 : i32} {
    %i0 = arith.constant 0 : i32
    %i1 = arith.constant 1 : i32
    %i5 = arith.constant 5 : i32
    %true = arith.constant true
    %meets = arith.cmpi sgt, %n, %i0 : i32
    %c = arith.cmpi sgt, %n, %i5 : i32
    %v = llvm.load %x {alignment = 8 : i64} : !llvm.ptr<1> -> vector<2xf32>
    %e0 = llvm.extractelement %v[%i0 : i32] : vector<2xf32>
    %e1 = llvm.extractelement %v[%i1 : i32] : vector<2xf32>
    %f0 = arith.mulf %e0, %r : f32
    %f1 = arith.mulf %e1, %r : f32
    %wv = scf.if %c -> (vector<2xf32>) {
      %l = llvm.load %w {alignment = 8 : i64} : !llvm.ptr<1> -> vector<2xf32>
      scf.yield %l : vector<2xf32>
    } else {
      %s = llvm.load %w {alignment = 4 : i64} : !llvm.ptr<1> -> f32
      %none = llvm.mlir.poison : vector<2xf32>
      %l = llvm.insertelement %s, %none[%i0 : i32] : vector<2xf32>
      scf.yield %l : vector<2xf32>
    }
    %w0 = llvm.extractelement %wv[%i0 : i32] : vector<2xf32>
    %w1 = llvm.extractelement %wv[%i1 : i32] : vector<2xf32>
    %g0 = arith.mulf %f0, %w0 : f32
    %g1 = arith.mulf %f1, %w1 : f32
    %bv = scf.if %c -> (vector<2xf32>) {
      %l = llvm.load %b {alignment = 8 : i64} : !llvm.ptr<1> -> vector<2xf32>
      scf.yield %l : vector<2xf32>
    } else {
      %s = llvm.load %b {alignment = 4 : i64} : !llvm.ptr<1> -> f32
      %none = llvm.mlir.poison : vector<2xf32>
      %l = llvm.insertelement %s, %none[%i0 : i32] : vector<2xf32>
      scf.yield %l : vector<2xf32>
    }
    %b0 = llvm.extractelement %bv[%i0 : i32] : vector<2xf32>
    %b1 = llvm.extractelement %bv[%i1 : i32] : vector<2xf32>
    %h0 = arith.addf %g0, %b0 : f32
    %h1 = arith.addf %g1, %b1 : f32
    scf.if %meets {
      %whole = arith.cmpi sgt, %n, %i1 : i32
      %none = llvm.mlir.poison : vector<2xf32>
      %u0 = llvm.insertelement %h0, %none[%i0 : i32] : vector<2xf32>
      %u1 = llvm.insertelement %h1, %u0[%i1 : i32] : vector<2xf32>
      kcc.store_vector %u1, %y if %whole {alignment = 8 : i64} : vector<2xf32>, !llvm.ptr<1>
      %cut = arith.xori %whole, %true : i1
      scf.if %cut {
        kcc.store_vector %h0, %y if %meets {alignment = 4 : i64} : f32, !llvm.ptr<1>
      }
    }
    gpu.return
  }
}
