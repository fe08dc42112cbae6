// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-lower-memory-to-rocdl %s | FileCheck %s

// CHECK: llvm.mlir.global internal constant @kcc_zeros() {addr_space = 1 : i32, alignment = 16 : i64} : !llvm.array<64 x i8>
gpu.module @m {
  // Lanes that are off read zeros; what they get instead is selected only where it is something else.
  // CHECK-LABEL: gpu.func @load
  // CHECK:         %[[SAFE:.*]] = llvm.mlir.addressof @kcc_zeros : !llvm.ptr<1>
  // CHECK-NEXT:    %[[Q:.*]] = llvm.select %[[C:.*]], %{{.*}}, %[[SAFE]] : i1, !llvm.ptr<1>
  // CHECK-NEXT:    %[[V:.*]] = llvm.load %[[Q]] {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
  // CHECK-NEXT:    llvm.select %[[C]], %[[V]], %{{.*}} : i1, vector<4xf32>
  // CHECK:         %[[W:.*]] = llvm.load %{{.*}} : !llvm.ptr<1> -> vector<4xf32>
  // CHECK-NOT:     llvm.select
  // CHECK:         gpu.return
  gpu.func @load(%p: !llvm.ptr<1>, %c: i1, %y: !llvm.ptr<1>) kernel {
    %one = arith.constant dense<1.0> : vector<4xf32>
    %v = kcc.load_vector %p if %c else %one {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
    llvm.store %v, %y : vector<4xf32>, !llvm.ptr<1>
    %zero = arith.constant dense<0.0> : vector<4xf32>
    %w = kcc.load_vector %p if %c else %zero {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
    llvm.store %w, %y : vector<4xf32>, !llvm.ptr<1>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @store
  // CHECK:         scf.if %{{.*}} {
  // CHECK-NEXT:      llvm.store %{{.*}}, %{{.*}} {alignment = 4 : i64, nontemporal} : f32, !llvm.ptr<1>
  // CHECK-NEXT:    }
  gpu.func @store(%p: !llvm.ptr<1>, %x: f32, %c: i1) kernel {
    kcc.store_vector %x, %p if %c {alignment = 4 : i64, cache = #kcc<cache_hint streaming>} : f32, !llvm.ptr<1>
    gpu.return
  }
}
