// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-split-short-rows %s | FileCheck %s
// RUN: kcc-opt --target h100 --kcc-split-short-rows --kcc-narrow-comparisons --kcc-stage-ragged-rows --canonicalize --cse %s | FileCheck %s --check-prefix=STAGED

gpu.module @m {
  // Up to 128, 96, 80 and 64 columns; each body has a length of its own.
  // CHECK-LABEL: gpu.func @sums
  // CHECK-SAME:    %[[M:arg[0-9]+]]: i64 {kcc.kind = "size", kcc.name = "M"}, %[[N:arg[0-9]+]]: i64
  // CHECK:         %[[C97:.*]] = arith.constant 97 : i64
  // CHECK:         %[[MOST:.*]] = arith.cmpi sge, %[[N]], %[[C97]] : i64
  // CHECK:         scf.if %[[MOST]] {
  // CHECK:           arith.constant 97 : i64
  // CHECK:           arith.maxsi %[[N]]
  // CHECK:           arith.constant 128 : i64
  // CHECK:           %[[K:.*]] = arith.minsi
  // CHECK:           kcc.view %{{.*}}, sizes[%[[M]], %[[K]]], strides[%[[K]], %{{.*}}]
  // CHECK:           kcc.store_tile
  // CHECK:         } else {
  // CHECK:           %[[C81:.*]] = arith.constant 81 : i64
  // CHECK:           arith.cmpi sge, %[[N]], %[[C81]] : i64
  // CHECK:           scf.if
  // CHECK:             arith.constant 96 : i64
  // CHECK:             kcc.store_tile
  // CHECK:           } else {
  // CHECK:             arith.constant 65 : i64
  // CHECK:             scf.if
  // CHECK:               arith.constant 80 : i64
  // CHECK:               kcc.store_tile
  // CHECK:             } else {
  // CHECK:               arith.constant 64 : i64
  // CHECK:               kcc.store_tile
  // CHECK-NOT:     kcc.store_tile
  // CHECK:         gpu.return
  //
  // Each body moves its rows as a span; the length is bounded once for both.
  // STAGED-LABEL: gpu.func @sums
  // STAGED-COUNT-4: kcc.load_span
  // STAGED-NOT:     kcc.load_span
  gpu.func @sums(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                 %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                 %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.requires = ["N <= 128"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %bm = arith.constant 32 : i64
    %none = arith.constant dense<0.0> : tensor<32xbf16>
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %w = kcc.view %y, sizes [%m], strides [%one] : !kcc.ptr<bf16> -> !kcc.view<?xbf16>
    %pid = kcc.program_id 0
    %place = arith.extsi %pid : i32 to i64
    %row = arith.muli %place, %bm : i64
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<32x128xbf16>
    %sum = linalg.reduce { arith.addf } ins(%t : tensor<32x128xbf16>) outs(%none : tensor<32xbf16>) dimensions = [1]
    kcc.store_tile %sum, %w[%row] dims [0] : tensor<32xbf16>, !kcc.view<?xbf16>
    gpu.return
  }
}
