// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-narrow-comparisons %s | FileCheck %s

gpu.module @m {
  // A bound that may be negative could make the difference overflow.
  // CHECK-LABEL: gpu.func @negative
  // CHECK:         arith.cmpi slt, %{{.*}} : tensor<64xi64>
  gpu.func @negative(%x: !kcc.ptr<i1>, %n: i64) kernel {
    %i = kcc.arange : tensor<64xi64>
    %o = kcc.arange : tensor<64xi32>
    %nn = tensor.splat %n : tensor<64xi64>
    %m = arith.cmpi slt, %i, %nn : tensor<64xi64>
    kcc.store %m, %x[%o] : tensor<64xi1>, !kcc.ptr<i1>, tensor<64xi32>
    gpu.return
  }

  // Two varying tiles, and 32 bits.
  // CHECK-LABEL: gpu.func @varying
  // CHECK:         arith.cmpi slt, %{{.*}} : tensor<64xi64>
  // CHECK:         arith.cmpi slt, %{{.*}} : tensor<64xi32>
  gpu.func @varying(%x: !kcc.ptr<i1>, %y: !kcc.ptr<i64>, %n: i32 {kcc.kind = "size"}) kernel {
    %i = kcc.arange : tensor<64xi64>
    %o = kcc.arange : tensor<64xi32>
    %t = kcc.load %y[%o] : !kcc.ptr<i64>, tensor<64xi32> -> tensor<64xi64>
    %m = arith.cmpi slt, %i, %t : tensor<64xi64>
    kcc.store %m, %x[%o] : tensor<64xi1>, !kcc.ptr<i1>, tensor<64xi32>
    %nn = tensor.splat %n : tensor<64xi32>
    %m2 = arith.cmpi slt, %o, %nn : tensor<64xi32>
    kcc.store %m2, %x[%o] : tensor<64xi1>, !kcc.ptr<i1>, tensor<64xi32>
    gpu.return
  }
}
