// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-assign-layouts --kcc-allocate-shared %s | FileCheck %s

gpu.module @m {
  // Nothing is known of %n, so either side moves single elements; yet a store whose lanes stand below each other would
  // write one element to each sector. The tile is turned through shared memory.
  // CHECK-LABEL: gpu.func @transpose
  // CHECK-SAME:    kcc.shared_bytes = 4096 : i64
  gpu.func @transpose(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %n: i32) kernel attributes {kcc.num_warps = 4 : i32} {
    %k = kcc.arange : tensor<32xi32>
    %nt = tensor.splat %n : tensor<32xi32>
    %kn = arith.muli %k, %nt : tensor<32xi32>
    %r1 = kcc.reshape %kn : tensor<32xi32> -> tensor<32x1xi32>
    %r2 = kcc.broadcast %r1 : tensor<32x1xi32> -> tensor<32x32xi32>
    %c1 = kcc.reshape %k : tensor<32xi32> -> tensor<1x32xi32>
    %c2 = kcc.broadcast %c1 : tensor<1x32xi32> -> tensor<32x32xi32>
    %o = arith.addi %r2, %c2 : tensor<32x32xi32>
    %v = kcc.load %x[%o] : !kcc.ptr<f32>, tensor<32x32xi32> -> tensor<32x32xf32>
    %e = tensor.empty() : tensor<32x32xf32>
    %t = linalg.transpose ins(%v : tensor<32x32xf32>) outs(%e : tensor<32x32xf32>) permutation = [1, 0]
    kcc.store %t, %y[%o] : tensor<32x32xf32>, !kcc.ptr<f32>, tensor<32x32xi32>
    gpu.return
  }
}
