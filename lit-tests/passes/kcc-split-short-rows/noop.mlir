// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-split-short-rows --verify-diagnostics %s | FileCheck %s
// RUN: kcc-opt --target mi300 --kcc-split-short-rows %s | FileCheck %s --check-prefix=WAVE64

gpu.module @m {
  // An access of a warp moves 512 bytes, one of a wave of 64 lanes twice as many.
  // CHECK-LABEL: gpu.func @longer
  // CHECK-NOT:     scf.if
  // WAVE64-LABEL: gpu.func @longer
  // WAVE64:        scf.if
  // expected-remark @+1 {{no tile has short rows of a length known at launch}}
  gpu.func @longer(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                   %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                   %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.requires = ["N <= 512"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %none = arith.constant dense<0.0> : tensor<8xbf16>
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %w = kcc.view %y, sizes [%m], strides [%one] : !kcc.ptr<bf16> -> !kcc.view<?xbf16>
    %t = kcc.load_tile %v[%zero, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<8x512xbf16>
    %sum = linalg.reduce { arith.addf } ins(%t : tensor<8x512xbf16>) outs(%none : tensor<8xbf16>) dimensions = [1]
    kcc.store_tile %sum, %w[%zero] dims [0] : tensor<8xbf16>, !kcc.view<?xbf16>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @aligned
  // CHECK-NOT:     scf.if
  // expected-remark @+1 {{rows begin at multiples of 16 bytes}}
  gpu.func @aligned(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                    %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                    %m: i64 {kcc.name = "M", kcc.kind = "size"},
                    %n: i64 {kcc.name = "N", kcc.kind = "size", kcc.divisibility = 16 : i64}) kernel
      attributes {kcc.requires = ["N <= 128"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %none = arith.constant dense<0.0> : tensor<32xbf16>
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %w = kcc.view %y, sizes [%m], strides [%one] : !kcc.ptr<bf16> -> !kcc.view<?xbf16>
    %t = kcc.load_tile %v[%zero, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<32x128xbf16>
    %sum = linalg.reduce { arith.addf } ins(%t : tensor<32x128xbf16>) outs(%none : tensor<32xbf16>) dimensions = [1]
    kcc.store_tile %sum, %w[%zero] dims [0] : tensor<32xbf16>, !kcc.view<?xbf16>
    gpu.return
  }

  // Nothing is computed of a row, so nothing is computed for nothing.
  // CHECK-LABEL: gpu.func @copy
  // CHECK-NOT:     scf.if
  // expected-remark @+1 {{elements of a row do not meet}}
  gpu.func @copy(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                 %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.requires = ["N <= 128"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %t = kcc.load_tile %v[%zero, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<32x128xbf16>
    kcc.store_tile %t, %v[%zero, %zero] dims [0, 1] : tensor<32x128xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}
