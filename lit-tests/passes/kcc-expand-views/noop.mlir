// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-expand-views %s | FileCheck %s

gpu.module @m {
  // Pointer accesses stay as they are, and a view that fits whole needs no mask.
  // CHECK-LABEL: gpu.func @pointers
  // CHECK-NEXT:    %[[I:.*]] = kcc.arange
  // CHECK-NEXT:    %[[V:.*]] = kcc.load %{{.*}}[%[[I]]] :
  // CHECK-NEXT:    kcc.store %[[V]]
  // CHECK-NEXT:    gpu.return
  gpu.func @pointers(%x: !kcc.ptr<f32>) kernel {
    %i = kcc.arange : tensor<64xi32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<64xi32> -> tensor<64xf32>
    kcc.store %v, %x[%i] : tensor<64xf32>, !kcc.ptr<f32>, tensor<64xi32>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @whole
  // CHECK-NOT:     arith.cmpi
  // CHECK:         kcc.load %{{.*}}[%{{.*}}] : <f32>, tensor<8x16xi32> -> tensor<8x16xf32>
  gpu.func @whole(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %rows = arith.constant 8 : i64
    %columns = arith.constant 16 : i64
    %v = kcc.view %x, sizes [%rows, %columns], strides [%columns, %one] : !kcc.ptr<f32> -> !kcc.view<8x16xf32>
    %t = kcc.load_tile %v[%zero, %zero] dims [0, 1] : !kcc.view<8x16xf32> -> tensor<8x16xf32>
    %w = kcc.view %y, sizes [%rows, %columns], strides [%columns, %one] : !kcc.ptr<f32> -> !kcc.view<8x16xf32>
    kcc.store_tile %t, %w[%zero, %zero] dims [0, 1] : tensor<8x16xf32>, !kcc.view<8x16xf32>
    gpu.return
  }
}
