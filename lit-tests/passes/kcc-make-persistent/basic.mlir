// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-make-persistent --canonicalize --cse %s | FileCheck %s
// The launch space is counted in the kernel. 132 units, factors of 16 and 32 KB: 16 programs along the first axis together.

// CHECK-LABEL: gpu.func @gemm(
// CHECK-SAME:      %[[M:arg3]]: i64
// CHECK-SAME:      %[[N:arg5]]: i64
// CHECK-SAME:    kernel attributes {kcc.persistent = 1 : i32, kcc.program_group = 16 : i64}
// CHECK-DAG:     %[[P:.*]] = arith.addi %arg3, %c127_i64 : i64
// CHECK-DAG:     %[[Q:.*]] = arith.divui %[[P]], %c128_i64 : i64
// CHECK-DAG:     %[[ROWS:.*]] = arith.trunci %[[Q]] {kcc.extent = 0 : i64} : i64 to i32
// CHECK-DAG:     %[[S:.*]] = arith.addi %arg5, %c255_i64 : i64
// CHECK-DAG:     %[[T:.*]] = arith.divui %[[S]], %c256_i64 : i64
// CHECK-DAG:     %[[COLUMNS:.*]] = arith.trunci %[[T]] {kcc.extent = 1 : i64} : i64 to i32
// CHECK-DAG:     %[[ALL:.*]] = arith.muli %[[ROWS]], %[[COLUMNS]] : i32
// CHECK-DAG:     %[[FIRST:.*]] = kcc.program_id 0
// CHECK-DAG:     %[[BLOCKS:.*]] = kcc.num_programs 0
// CHECK:         scf.for %[[T:.*]] = %[[FIRST]] to %[[ALL]] step %[[BLOCKS]] : i32 {
// CHECK-NEXT:      %[[WIDTH:.*]] = arith.muli %[[COLUMNS]], %c16_i32 : i32
// CHECK-NEXT:      %[[G:.*]] = arith.divui %[[T]], %[[WIDTH]] : i32
// CHECK-NEXT:      %[[ROW:.*]] = arith.muli %[[G]], %c16_i32 overflow<nsw, nuw> : i32
// CHECK-NEXT:      %[[IN:.*]] = arith.remui %[[T]], %[[WIDTH]] : i32
// CHECK-NEXT:      %[[LEFT:.*]] = arith.subi %[[ROWS]], %[[ROW]] : i32
// CHECK-NEXT:      %[[HEIGHT:.*]] = arith.minui %[[LEFT]], %c16_i32 : i32
// CHECK-NEXT:      %[[R:.*]] = arith.remui %[[IN]], %[[HEIGHT]] : i32
// CHECK-NEXT:      arith.addi %[[ROW]], %[[R]] overflow<nsw, nuw> : i32
// CHECK-NEXT:      arith.divui %[[IN]], %[[HEIGHT]] : i32
// CHECK:           scf.for
// The first factor is read by all programs of a row, the second by all of a column.
// CHECK:             kcc.load_tile %{{.*}} {kcc.axes = array<i64: 0>}
// CHECK:             kcc.load_tile %{{.*}} {kcc.axes = array<i64: 1>}
// CHECK:             linalg.matmul
// CHECK:           kcc.store_tile
// CHECK-NEXT:    }
// CHECK-NEXT:    gpu.return
gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel attributes {kcc.grid = affine_map<()[s0, s1] -> (s0 ceildiv 128, s1 ceildiv 256)>, kcc.grid_symbols = ["M", "N"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %rows = arith.constant 128 : i64
    %columns = arith.constant 256 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %p1 = kcc.program_id 1
    %q0 = arith.extsi %p0 : i32 to i64
    %q1 = arith.extsi %p1 : i32 to i64
    %r = arith.muli %q0, %rows : i64
    %s = arith.muli %q1, %columns : i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf32>) : i64 {
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %s] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}
