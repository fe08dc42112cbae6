// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-divide-sums --kcc-specialize-warps --kcc-expand-views --canonicalize --cse --kcc-assign-layouts --kcc-allocate-shared --kcc-insert-barriers --kcc-lower-to-fragments --canonicalize --cse --kcc-plan-channels %s > %t.mlir
// RUN: kcc-opt --target h100 --kcc-verify-protocol %t.mlir | FileCheck %s
// RUN: awk '/kcc.cluster_wait/ && ++n == 1 {next} 1' %t.mlir > %t.early.mlir
// RUN: not kcc-opt --target h100 --kcc-verify-protocol %t.early.mlir 2>&1 | FileCheck %s --check-prefix=EARLY
// RUN: awk '/kcc.cluster_wait/ && ++n == 2 {next} 1' %t.mlir > %t.late.mlir
// RUN: not kcc-opt --target h100 --kcc-verify-protocol %t.late.mlir 2>&1 | FileCheck %s --check-prefix=LATE

// Blocks of a cluster divide a sum: nobody pushes before all have begun, and nobody reads what is not there yet.
// CHECK: kcc.cluster_arrive
// CHECK: kcc.cluster_wait
// CHECK: kcc.map_shared
// CHECK: kcc.cluster_arrive
// CHECK: kcc.cluster_wait
// EARLY: do not work together {{.}}deadlock{{.}}
// LATE: do not work together {{.}}race{{.}}{{.*}}is not ready
gpu.module @m {
  gpu.func @f(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.dtype = "f16", kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.dtype = "f16", kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.dtype = "f16", kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.kind = "size", kcc.name = "K", kcc.divisibility = 8 : i64},
      %n: i64 {kcc.kind = "size", kcc.name = "N", kcc.divisibility = 8 : i64}) kernel attributes {kcc.divide_sums = 4 : i32} {
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i64
    %c64 = arith.constant 64 : i64
    %va = kcc.view %a, sizes[%m, %k], strides[%k, %one] : <f16> -> <?x?xf16>
    %vb = kcc.view %b, sizes[%k, %n], strides[%n, %one] : <f16> -> <?x?xf16>
    %vc = kcc.view %c, sizes[%m, %n], strides[%n, %one] : <f16> -> <?x?xf16>
    %pm = kcc.program_id 0
    %lm = arith.extsi %pm : i32 to i64
    %row = arith.muli %lm, %c64 : i64
    %init = arith.constant dense<0.0> : tensor<64x64xf32>
    %sum = scf.for %i = %zero to %k step %c64 iter_args(%acc = %init) -> (tensor<64x64xf32>) : i64 {
      %x = kcc.load_tile %va[%row, %i] dims [0, 1] : <?x?xf16> -> tensor<64x64xf16>
      %y = kcc.load_tile %vb[%i, %zero] dims [0, 1] : <?x?xf16> -> tensor<64x64xf16>
      %d = linalg.matmul ins(%x, %y : tensor<64x64xf16>, tensor<64x64xf16>) outs(%acc : tensor<64x64xf32>) -> tensor<64x64xf32>
      scf.yield %d : tensor<64x64xf32>
    }
    %h = arith.truncf %sum : tensor<64x64xf32> to tensor<64x64xf16>
    kcc.store_tile %h, %vc[%row, %zero] dims [0, 1] : tensor<64x64xf16>, <?x?xf16>
    gpu.return
  }
}
