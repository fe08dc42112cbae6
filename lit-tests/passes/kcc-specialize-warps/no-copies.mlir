// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --verify-diagnostics --kcc-specialize-warps %s | FileCheck %s
// A chip without what it takes says which part of it.

// CHECK-NOT: kcc.start
gpu.module @m {
  // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: the machine has no bulk tensor copy}}
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %r = arith.extsi %p0 : i32 to i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf32>) : i64 {
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %zero] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}
