// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-expand-views --verify-diagnostics %s

gpu.module @m {
  gpu.func @chosen(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %n: i64, %c: i1) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%n], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
    %w = kcc.view %y, sizes [%n], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
    %u = arith.select %c, %v, %w : !kcc.view<?xf32>
    // expected-error @+1 {{a view chosen at run time cannot be accessed}}
    %t = kcc.load_tile %u[%zero] dims [0] : !kcc.view<?xf32> -> tensor<8xf32>
    kcc.store_tile %t, %v[%zero] dims [0] : tensor<8xf32>, !kcc.view<?xf32>
    gpu.return
  }
}
