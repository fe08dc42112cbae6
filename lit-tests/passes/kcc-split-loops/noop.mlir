// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-split-loops --verify-diagnostics %s | FileCheck %s
// RUN: kcc-opt --target h100 --kcc-split-loops --kcc-expand-views %s | FileCheck %s --check-prefix=EXPANDED

gpu.module @m {
  // CHECK-LABEL: gpu.func @divisible
  // CHECK-COUNT-1: scf.for
  // CHECK-NOT:     kcc.whole_steps
  // EXPANDED-LABEL: gpu.func @divisible
  // EXPANDED-NOT:   mask
  // EXPANDED:       gpu.return
  gpu.func @divisible(%x: !kcc.ptr<f32>) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %n = arith.constant 8192 : i64
    %step = arith.constant 1024 : i64
    %v = kcc.view %x, sizes [%n], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
    // expected-remark @+1 {{the loop is not split: all its steps are whole}}
    scf.for %i = %zero to %n step %step : i64 {
      %t = kcc.load_tile %v[%i] dims [0] : !kcc.view<?xf32> -> tensor<1024xf32>
      kcc.store_tile %t, %v[%i] dims [0] : tensor<1024xf32>, !kcc.view<?xf32>
    }
    gpu.return
  }

  // CHECK-LABEL: gpu.func @other_bound
  // CHECK-COUNT-1: scf.for
  // CHECK-NOT:     kcc.whole_steps
  gpu.func @other_bound(%x: !kcc.ptr<f32>, %n: i64, %m: i64) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 1024 : i64
    %v = kcc.view %x, sizes [%m], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
    // expected-remark @+1 {{the loop is not split: nothing checks for its end}}
    scf.for %i = %zero to %n step %step : i64 {
      %t = kcc.load_tile %v[%i] dims [0] : !kcc.view<?xf32> -> tensor<1024xf32>
      kcc.store_tile %t, %v[%i] dims [0] : tensor<1024xf32>, !kcc.view<?xf32>
    }
    gpu.return
  }
}
