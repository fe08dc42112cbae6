// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-specialize-warps --canonicalize --cse %s | FileCheck %s
// What a step multiplies is used in the same step: what does not need it is done while it is multiplied, and its slot is
// given back as soon as it is done. Sums that the matrix unit keeps with too few bits are told by an attribute, and do not
// run on into the next step.

gpu.module @m {
  // CHECK-LABEL: gpu.func @scaled_compute(
  // CHECK:         scf.for %[[G:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[ACC:.*]] = %[[NONE:.*]], %[[N:.*]] = %c0_i32)
  // CHECK:           %[[SLOT:.*]]:2 = kcc.get %[[RING:.*]][%[[N]]]
  // CHECK:           %[[B:.*]] = kcc.transpose_buffer %[[SLOT]]#1
  // CHECK:           %[[D:.*]] = kcc.async_matmul %[[SLOT]]#0, %[[B]], %[[NONE]] :
  // CHECK:           %[[SCALE:.*]] = kcc.load_tile
  // CHECK:           %[[WIDE:.*]] = kcc.broadcast
  // CHECK-NEXT:      %[[E:.*]] = kcc.mma_wait 0 %[[D]]
  // CHECK-NEXT:      kcc.release %[[RING]][%[[N]]]
  // CHECK-NEXT:      %[[SCALED:.*]] = arith.mulf %[[E]], %[[WIDE]]
  // CHECK-NEXT:      arith.addf %[[ACC]], %[[SCALED]]
  gpu.func @scaled(%a: !kcc.ptr<f8E4M3FN> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f8E4M3FN> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["N", "K"]},
      %s: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "S", kcc.shape = ["K", "M"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 16 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 16 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 128 : i64
    %none = arith.constant dense<0.0> : tensor<128x128xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f8E4M3FN> -> !kcc.view<?x?xf8E4M3FN>
    %bv = kcc.view %b, sizes[%n, %k], strides[%k, %one] : !kcc.ptr<f8E4M3FN> -> !kcc.view<?x?xf8E4M3FN>
    %sv = kcc.view %s, sizes[%k, %m], strides[%m, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x128xf32>) : i64 {
      %at = kcc.load_tile %av[%zero, %i] dims [0, 1] : !kcc.view<?x?xf8E4M3FN> -> tensor<128x128xf8E4M3FN>
      %bt = kcc.load_tile %bv[%zero, %i] dims [0, 1] : !kcc.view<?x?xf8E4M3FN> -> tensor<128x128xf8E4M3FN>
      %e = tensor.empty() : tensor<128x128xf8E4M3FN>
      %t = linalg.transpose ins(%bt : tensor<128x128xf8E4M3FN>) outs(%e : tensor<128x128xf8E4M3FN>) permutation = [1, 0]
      %d = linalg.matmul {kcc.max_imprecise = 128 : i64} ins(%at, %t : tensor<128x128xf8E4M3FN>, tensor<128x128xf8E4M3FN>) outs(%none : tensor<128x128xf32>) -> tensor<128x128xf32>
      %scale = kcc.load_tile %sv[%i, %zero] dims [1] : !kcc.view<?x?xf32> -> tensor<128xf32>
      %column = kcc.reshape %scale : tensor<128xf32> -> tensor<128x1xf32>
      %wide = kcc.broadcast %column : tensor<128x1xf32> -> tensor<128x128xf32>
      %scaled = arith.mulf %d, %wide : tensor<128x128xf32>
      %next = arith.addf %acc, %scaled : tensor<128x128xf32>
      scf.yield %next : tensor<128x128xf32>
    }
    kcc.store_tile %sum, %cv[%zero, %zero] dims [0, 1] : tensor<128x128xf32>, !kcc.view<?x?xf32>
    gpu.return
  }

  // In one warp group with room for two of them, halves of the depth take turns: one is multiplied while the other is added. The second half runs
  // on into the next step, where its slot is given back.
  // CHECK-LABEL: gpu.func @halves_compute(
  // CHECK:         %[[NONE:.*]] = arith.constant dense<0.000000e+00> : tensor<64x128xf32>
  // CHECK:         %[[R:.*]]:3 = scf.for %[[K:.*]] = %[[FROM:.*]] to %[[TO:.*]] step %{{.*}} iter_args(%[[ACC:.*]] = %[[NONE]], %[[N:.*]] = %c0_i32, %[[RUNS:.*]] = %[[NONE]])
  // CHECK:           %[[SLOT:.*]]:2 = kcc.get %[[RING:.*]][%[[N]]]
  // CHECK:           %[[BEFORE:.*]] = kcc.mma_wait 0 %[[RUNS]]
  // CHECK:           kcc.release %[[RING]][%{{.*}}] if %{{.*}}
  // CHECK:           %[[D:.*]] = kcc.async_matmul %[[SLOT]]#0, %{{.*}}, %[[NONE]] {kcc.part = array<i64: 0, 64>} :
  // CHECK-NEXT:      %[[SUM:.*]] = arith.addf %[[ACC]], %[[BEFORE]]
  // CHECK:           %[[NEXT:.*]] = kcc.async_matmul %[[SLOT]]#0, %{{.*}}, %[[NONE]] {kcc.part = array<i64: 64, 64>} :
  // CHECK-NEXT:      %[[E:.*]] = kcc.mma_wait 1 %[[D]]
  // CHECK-NEXT:      %[[SUMS:.*]] = arith.addf %[[SUM]], %[[E]]
  // CHECK-NEXT:      scf.yield %[[SUMS]], %{{.*}}, %[[NEXT]]
  // CHECK:         %[[LAST:.*]] = kcc.mma_wait 0 %[[R]]#2
  // CHECK-NEXT:    %[[ALL:.*]] = arith.addf %[[R]]#0, %[[LAST]]
  // CHECK:         kcc.release %[[RING]]
  // CHECK:         kcc.copy_out %[[ALL]]
  gpu.func @halves(%a: !kcc.ptr<f8E4M3FN> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f8E4M3FN> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["N", "K"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 16 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 16 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 128 : i64
    %none = arith.constant dense<0.0> : tensor<64x128xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f8E4M3FN> -> !kcc.view<?x?xf8E4M3FN>
    %bv = kcc.view %b, sizes[%n, %k], strides[%k, %one] : !kcc.ptr<f8E4M3FN> -> !kcc.view<?x?xf8E4M3FN>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<64x128xf32>) : i64 {
      %at = kcc.load_tile %av[%zero, %i] dims [0, 1] : !kcc.view<?x?xf8E4M3FN> -> tensor<64x128xf8E4M3FN>
      %bt = kcc.load_tile %bv[%zero, %i] dims [0, 1] : !kcc.view<?x?xf8E4M3FN> -> tensor<128x128xf8E4M3FN>
      %e = tensor.empty() : tensor<128x128xf8E4M3FN>
      %t = linalg.transpose ins(%bt : tensor<128x128xf8E4M3FN>) outs(%e : tensor<128x128xf8E4M3FN>) permutation = [1, 0]
      %d = linalg.matmul {kcc.max_imprecise = 128 : i64} ins(%at, %t : tensor<64x128xf8E4M3FN>, tensor<128x128xf8E4M3FN>) outs(%acc : tensor<64x128xf32>) -> tensor<64x128xf32>
      scf.yield %d : tensor<64x128xf32>
    }
    kcc.store_tile %sum, %cv[%zero, %zero] dims [0, 1] : tensor<64x128xf32>, !kcc.view<?x?xf32>
    gpu.return
  }

  // Otherwise each instruction's sums are added when it is done.
  // CHECK-LABEL: gpu.func @pieces_compute(
  // CHECK:         scf.for
  // CHECK:           %[[SLOT:.*]]:2 = kcc.get %[[RING:.*]][%[[N:.*]]]
  // CHECK:           %[[D:.*]] = kcc.async_matmul %[[SLOT]]#0, %{{.*}}, %{{.*}} {kcc.max_imprecise = 128 : i64} :
  // CHECK-NEXT:      %[[E:.*]] = kcc.mma_wait 0 %[[D]]
  // CHECK-NEXT:      kcc.release %[[RING]][%[[N]]]
  // CHECK-NEXT:      scf.yield %[[E]],
  gpu.func @pieces(%a: !kcc.ptr<f8E4M3FN> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f8E4M3FN> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["N", "K"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 16 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 16 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 128 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f8E4M3FN> -> !kcc.view<?x?xf8E4M3FN>
    %bv = kcc.view %b, sizes[%n, %k], strides[%k, %one] : !kcc.ptr<f8E4M3FN> -> !kcc.view<?x?xf8E4M3FN>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf32>) : i64 {
      %at = kcc.load_tile %av[%zero, %i] dims [0, 1] : !kcc.view<?x?xf8E4M3FN> -> tensor<128x128xf8E4M3FN>
      %bt = kcc.load_tile %bv[%zero, %i] dims [0, 1] : !kcc.view<?x?xf8E4M3FN> -> tensor<256x128xf8E4M3FN>
      %e = tensor.empty() : tensor<128x256xf8E4M3FN>
      %t = linalg.transpose ins(%bt : tensor<256x128xf8E4M3FN>) outs(%e : tensor<128x256xf8E4M3FN>) permutation = [1, 0]
      %d = linalg.matmul {kcc.max_imprecise = 128 : i64} ins(%at, %t : tensor<128x128xf8E4M3FN>, tensor<128x256xf8E4M3FN>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%zero, %zero] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}
