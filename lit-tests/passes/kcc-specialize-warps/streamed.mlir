// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-make-persistent --kcc-specialize-warps --canonicalize --cse --loop-invariant-code-motion %s | FileCheck %s
// A tile that no more programs read than stand beside each other in their order need not stay in the cache: the first factor
// is read by the programs of a row, as many as there are columns, the second by those of a column.

// CHECK-LABEL: gpu.func @gemm_copy(
// CHECK-DAG:     %[[ROWS:.*]] = arith.trunci %{{.*}} {kcc.extent = 0 : i64}
// CHECK-DAG:     %[[COLUMNS:.*]] = arith.trunci %{{.*}} {kcc.extent = 1 : i64}
// CHECK-DAG:     %[[FIRST:.*]] = arith.cmpi ule, %[[COLUMNS]], %c16_i32
// CHECK-DAG:     %[[SECOND:.*]] = arith.cmpi ule, %[[ROWS]], %c16_i32
// CHECK:         kcc.copy_tile {{.*}} streamed %[[FIRST]] : !kcc.buffer<128x64xf16, swizzle = 128>
// CHECK:         kcc.copy_tile {{.*}} streamed %[[SECOND]] : !kcc.buffer<64x256xf16, swizzle = 128>
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
