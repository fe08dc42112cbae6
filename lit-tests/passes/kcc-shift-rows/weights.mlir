// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-shift-rows %s | FileCheck %s

// Weights of several arrays are read before the first operation that needs them, not where they stand.
// CHECK-LABEL: gpu.func @several_weights
// CHECK:         %[[ROW:.*]] = kcc.load {{.*}} {kcc.window}
// CHECK:         %[[SUM:.*]] = arith.mulf %[[ROW]], %[[ROW]]
// CHECK:         %[[A:.*]] = kcc.load {{.*}} {kcc.window}
// CHECK:         %[[C:.*]] = arith.mulf %[[SUM]], %[[A]]
// CHECK:         %[[B:.*]] = kcc.load {{.*}} {kcc.window}
// CHECK:         arith.addf %[[C]], %[[B]]
// CHECK:         kcc.store {{.*}} {kcc.window}
gpu.module @m {
  gpu.func @several_weights(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel attributes {kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    %u = kcc.view %y, sizes [%n], strides [%one] : !kcc.ptr<bf16> -> !kcc.view<?xbf16>
    %w = kcc.view %x, sizes [%n], strides [%one] : !kcc.ptr<bf16> -> !kcc.view<?xbf16>
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    %a = kcc.load_tile %u[%zero] dims [0] : !kcc.view<?xbf16> -> tensor<1024xbf16>
    %b = kcc.load_tile %w[%zero] dims [0] : !kcc.view<?xbf16> -> tensor<1024xbf16>
    %q = arith.mulf %t, %t : tensor<1024xbf16>
    %c = arith.mulf %q, %a : tensor<1024xbf16>
    %d = arith.addf %c, %b : tensor<1024xbf16>
    kcc.store_tile %d, %v[%row, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}
