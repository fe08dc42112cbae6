// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-split-loops %s | FileCheck %s
// RUN: kcc-opt --target h100 --kcc-split-loops --kcc-narrow-comparisons --kcc-expand-views --canonicalize %s | FileCheck %s --check-prefix=MASKS

gpu.module @m {
  // CHECK-LABEL: gpu.func @row
  // CHECK:         %[[RANGE:.*]] = arith.subi %[[N:.*]], %[[ZERO:.*]] : i64
  // CHECK:         %[[REST:.*]] = arith.remsi %[[RANGE]], %[[STEP:.*]] : i64
  // CHECK:         %[[WHOLE:.*]] = arith.subi %[[N]], %[[REST]] : i64
  // CHECK:         %[[SUM:.*]] = scf.for {{.*}} = %[[ZERO]] to %[[WHOLE]] step %[[STEP]]
  // CHECK:         kcc.whole_steps
  // CHECK:         scf.for {{.*}} = %[[WHOLE]] to %[[N]] step %[[STEP]] iter_args({{.*}} = %[[SUM]])
  //
  // The whole steps load without a mask and choose nothing.
  // MASKS-LABEL: gpu.func @row
  // MASKS:         scf.for
  // MASKS-NOT:     mask
  // MASKS-NOT:     arith.select
  // MASKS:         kcc.whole_steps
  // MASKS:         scf.for
  // MASKS:         kcc.load {{.*}} mask
  // MASKS:         arith.select
  gpu.func @row(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 1024 : i64
    %none = arith.constant dense<0.0> : tensor<1024xf32>
    %low = arith.constant dense<0xFF800000> : tensor<1024xf32>
    %v = kcc.view %x, sizes [%n], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
    %w = kcc.view %y, sizes [%n], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
    %sum = scf.for %i = %zero to %n step %step iter_args(%acc = %none) -> (tensor<1024xf32>) : i64 {
      %t = kcc.load_tile %v[%i] dims [0] : !kcc.view<?xf32> -> tensor<1024xf32>
      %k = kcc.arange : tensor<1024xi64>
      %start = tensor.splat %i : tensor<1024xi64>
      %index = arith.addi %start, %k : tensor<1024xi64>
      %end = tensor.splat %n : tensor<1024xi64>
      %inside = arith.cmpi slt, %index, %end : tensor<1024xi64>
      %u = arith.select %inside, %t, %low : tensor<1024xi1>, tensor<1024xf32>
      %s = arith.maximumf %acc, %u : tensor<1024xf32>
      scf.yield %s : tensor<1024xf32>
    }
    kcc.store_tile %sum, %w[%zero] dims [0] : tensor<1024xf32>, !kcc.view<?xf32>
    gpu.return
  }
}
