// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-stage-ragged-rows %s | FileCheck %s
// RUN: kcc-opt --target mi300 --kcc-stage-ragged-rows %s | FileCheck %s

gpu.module @m {
  // A row of a size that nothing is known of: one span of at most 1024 elements.
  // CHECK-LABEL: gpu.func @row
  // CHECK:         %[[ROW:.*]] = arith.extsi
  // CHECK:         %[[START:.*]] = arith.muli %[[ROW]], %[[N:.*]] : i64
  // CHECK:         %[[P:.*]] = kcc.add_ptr %{{.*}}, %[[START]]
  // CHECK:         %[[ONE:.*]] = arith.constant 1 : i32
  // CHECK:         arith.maxsi
  // CHECK:         arith.minsi
  // CHECK:         %[[C:.*]] = arith.trunci
  // CHECK:         %[[T:.*]] = kcc.load_span %[[P]] rows %[[ONE]] columns %[[C]] : !kcc.ptr<bf16> -> tensor<1024xbf16>
  // CHECK:         kcc.store_span %[[T]], %{{.*}} rows %{{.*}} columns %{{.*}} : tensor<1024xbf16>, <bf16>
  gpu.func @row(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0)>, kcc.grid_symbols = ["M"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    kcc.store_tile %t, %v[%row, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }

  // Whole rows of a dense array lie one behind the other; the launcher checks that a row fits the tile.
  // CHECK-LABEL: gpu.func @rows
  // CHECK:         %[[T:.*]] = kcc.load_span %{{.*}} rows %{{.*}} columns %{{.*}} : !kcc.ptr<f32> -> tensor<32x64xf32>
  // CHECK:         kcc.store_span %[[T]]
  gpu.func @rows(%x: !kcc.ptr<f32> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                 %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.requires = ["N <= 64"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %bm = arith.constant 32 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %pid = kcc.program_id 0
    %place = arith.extsi %pid : i32 to i64
    %row = arith.muli %place, %bm : i64
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xf32> -> tensor<32x64xf32>
    kcc.store_tile %t, %v[%row, %zero] dims [0, 1] : tensor<32x64xf32>, !kcc.view<?x?xf32>
    gpu.return
  }

  // A piece of one row in a loop, and two arrays read together: the second waits for nothing that the first does not.
  // CHECK-LABEL: gpu.func @pieces
  // CHECK:         scf.for
  // CHECK:           %[[T:.*]]:2 = kcc.load_span %{{.*}}, %{{.*}} rows %{{.*}}, %{{.*}} columns %{{.*}}, %{{.*}} : !kcc.ptr<f16>, !kcc.ptr<f16> -> tensor<512xf16>, tensor<512xf16>
  // CHECK-NOT:       kcc.load_span
  // CHECK:           %[[S:.*]] = arith.addf %[[T]]#0, %[[T]]#1
  // CHECK:           kcc.store_span %[[S]]
  gpu.func @pieces(%x: !kcc.ptr<f16> {kcc.name = "X", kcc.kind = "tensor"}, %y: !kcc.ptr<f16> {kcc.name = "Y", kcc.kind = "tensor"},
                   %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %bn = arith.constant 512 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %w = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    scf.for %k = %zero to %n step %bn : i64 {
      %t = kcc.load_tile %v[%row, %k] dims [1] : !kcc.view<?x?xf16> -> tensor<512xf16>
      %u = kcc.load_tile %w[%row, %k] dims [1] : !kcc.view<?x?xf16> -> tensor<512xf16>
      %s = arith.addf %t, %u : tensor<512xf16>
      kcc.store_tile %s, %v[%row, %k] dims [1] : tensor<512xf16>, !kcc.view<?x?xf16>
    }
    gpu.return
  }

  // What is written in between may be what is read: two operations.
  // CHECK-LABEL: gpu.func @written_between
  // CHECK:         kcc.load_span
  // CHECK:         kcc.store_span
  // CHECK:         kcc.load_span
  // CHECK:         kcc.store_span
  gpu.func @written_between(%x: !kcc.ptr<f16> {kcc.name = "X", kcc.kind = "tensor"},
                            %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xf16> -> tensor<512xf16>
    kcc.store_tile %t, %v[%row, %one] dims [1] : tensor<512xf16>, !kcc.view<?x?xf16>
    %u = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xf16> -> tensor<512xf16>
    kcc.store_tile %u, %v[%row, %one] dims [1] : tensor<512xf16>, !kcc.view<?x?xf16>
    gpu.return
  }
}
