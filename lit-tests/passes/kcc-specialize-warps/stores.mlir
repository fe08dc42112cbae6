// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --split-input-file --verify-diagnostics --kcc-specialize-warps %s
// Tiles that the engine must not write whenever it comes to it, or that are no boxes of it.

gpu.module @m {
  // expected-remark @+1 {{kcc-specialize-warps: one warp copies}}
  gpu.func @steps(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf32>) : i64 {
      %at = kcc.load_tile %av[%zero, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      // expected-remark @+1 {{kcc-specialize-warps: threads store the tile: a program may store it several times, or not at all}}
      kcc.store_tile %d, %cv[%zero, %zero] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-remark @+1 {{kcc-specialize-warps: one warp copies}}
  gpu.func @twice(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf32>) : i64 {
      %at = kcc.load_tile %av[%zero, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    // expected-remark @+1 {{kcc-specialize-warps: threads store the tile: the kernel touches the array elsewhere too}}
    kcc.store_tile %sum, %cv[%zero, %zero] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    // expected-remark @+1 {{kcc-specialize-warps: threads store the tile: the kernel touches the array elsewhere too}}
    kcc.store_tile %sum, %cv[%zero, %step] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-remark @+1 {{kcc-specialize-warps: one warp copies}}
  gpu.func @narrow(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %none = arith.constant dense<0.0> : tensor<128x16xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x16xf32>) : i64 {
      %at = kcc.load_tile %av[%zero, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x16xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x16xf16>) outs(%acc : tensor<128x16xf32>) -> tensor<128x16xf32>
      scf.yield %d : tensor<128x16xf32>
    }
    // expected-remark @+1 {{kcc-specialize-warps: threads store the tile: 128 x 16 elements are no boxes of 64 x 32 for each of 2 warp groups}}
    kcc.store_tile %sum, %cv[%zero, %zero] dims [0, 1] : tensor<128x16xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}
