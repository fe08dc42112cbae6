// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-narrow-comparisons --canonicalize %s | FileCheck %s

gpu.module @m {
  // The bound is clamped to the first index and to one beyond the last.
  // CHECK-LABEL: gpu.func @start
  // CHECK-DAG:     %[[LOW:.*]] = arith.constant 0 : i64
  // CHECK-DAG:     %[[HIGH:.*]] = arith.constant 64 : i64
  // CHECK:         %[[LEFT:.*]] = arith.subi %[[N:.*]], %[[S:.*]] : i64
  // CHECK:         %[[MAX:.*]] = arith.maxsi %[[LEFT]], %[[LOW]]
  // CHECK:         %[[MIN:.*]] = arith.minsi %[[MAX]], %[[HIGH]]
  // CHECK:         %[[BOUND:.*]] = arith.trunci %[[MIN]] : i64 to i32
  // CHECK:         %[[I:.*]] = kcc.arange : tensor<64xi32>
  // CHECK:         %[[B:.*]] = tensor.splat %[[BOUND]] : tensor<64xi32>
  // CHECK:         arith.cmpi slt, %[[I]], %[[B]] : tensor<64xi32>
  gpu.func @start(%x: !kcc.ptr<i1>, %n: i64 {kcc.kind = "size"}) kernel {
    %pid = kcc.program_id 0
    %s = arith.extsi %pid : i32 to i64
    %i = kcc.arange : tensor<64xi64>
    %o = kcc.arange : tensor<64xi32>
    %ss = tensor.splat %s : tensor<64xi64>
    %at = arith.addi %ss, %i : tensor<64xi64>
    %nn = tensor.splat %n : tensor<64xi64>
    %m = arith.cmpi slt, %at, %nn : tensor<64xi64>
    kcc.store %m, %x[%o] : tensor<64xi1>, !kcc.ptr<i1>, tensor<64xi32>
    gpu.return
  }

  // "At most" needs a bound below all indices, too.
  // CHECK-LABEL: gpu.func @at_most
  // CHECK-DAG:     %[[LOW:.*]] = arith.constant -1 : i64
  // CHECK-DAG:     %[[HIGH:.*]] = arith.constant 64 : i64
  // CHECK:         arith.cmpi sle, %{{.*}}, %{{.*}} : tensor<64xi32>
  gpu.func @at_most(%x: !kcc.ptr<i1>, %n: i64 {kcc.kind = "size"}) kernel {
    %pid = kcc.program_id 0
    %s = arith.extsi %pid : i32 to i64
    %i = kcc.arange : tensor<64xi64>
    %o = kcc.arange : tensor<64xi32>
    %ss = tensor.splat %s : tensor<64xi64>
    %at = arith.addi %ss, %i : tensor<64xi64>
    %nn = tensor.splat %n : tensor<64xi64>
    %m = arith.cmpi sle, %at, %nn : tensor<64xi64>
    kcc.store %m, %x[%o] : tensor<64xi1>, !kcc.ptr<i1>, tensor<64xi32>
    gpu.return
  }

  // With the bound on the left the comparison turns around; changes of shape are followed.
  // CHECK-LABEL: gpu.func @turned
  // CHECK:         %[[I:.*]] = kcc.arange : tensor<64xi32>
  // CHECK:         %[[R:.*]] = kcc.reshape %[[I]] : tensor<64xi32> -> tensor<1x64xi32>
  // CHECK:         %[[W:.*]] = kcc.broadcast %[[R]] : tensor<1x64xi32> -> tensor<4x64xi32>
  // CHECK:         arith.cmpi slt, %[[W]], %{{.*}} : tensor<4x64xi32>
  gpu.func @turned(%x: !kcc.ptr<i1>, %n: i64 {kcc.kind = "size"}, %o: tensor<4x64xi32>) kernel {
    %i = kcc.arange : tensor<64xi64>
    %r = kcc.reshape %i : tensor<64xi64> -> tensor<1x64xi64>
    %w = kcc.broadcast %r : tensor<1x64xi64> -> tensor<4x64xi64>
    %nn = tensor.splat %n : tensor<4x64xi64>
    %m = arith.cmpi ugt, %nn, %w : tensor<4x64xi64>
    kcc.store %m, %x[%o] : tensor<4x64xi1>, !kcc.ptr<i1>, tensor<4x64xi32>
    gpu.return
  }
}
