// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --verify-diagnostics --split-input-file --kcc-specialize-warps %s | FileCheck %s
// Every reason to leave a kernel as it is, is said.

// CHECK-NOT: kcc.start

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
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
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: a factor is not copied in bulk: rows of the array are not known to be multiples of 16 bytes}}
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %s] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
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
      %bu = kcc.load_tile %bv[%i, %s] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: a factor is not copied in bulk: it is no tile as it lies in memory, and with 128 sums in each thread there are no registers left for warps that fill slots}}
      %bt = arith.addf %bu, %bu : tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f64> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f64> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f64> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %rows = arith.constant 128 : i64
    %columns = arith.constant 256 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf64>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f64> -> !kcc.view<?x?xf64>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f64> -> !kcc.view<?x?xf64>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f64> -> !kcc.view<?x?xf64>
    %p0 = kcc.program_id 0
    %p1 = kcc.program_id 1
    %q0 = arith.extsi %p0 : i32 to i64
    %q1 = arith.extsi %p1 : i32 to i64
    %r = arith.muli %q0, %rows : i64
    %s = arith.muli %q1, %columns : i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf64>) : i64 {
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf64> -> tensor<128x64xf64>
      %bt = kcc.load_tile %bv[%i, %s] dims [0, 1] : !kcc.view<?x?xf64> -> tensor<64x256xf64>
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: no matrix instruction of a warp group multiplies tensor<128x64xf64> by tensor<64x256xf64> into tensor<128x256xf64>}}
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf64>, tensor<64x256xf64>) outs(%acc : tensor<128x256xf64>) -> tensor<128x256xf64>
      scf.yield %d : tensor<128x256xf64>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<128x256xf64>, !kcc.view<?x?xf64>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
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
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: where a factor is loaded follows from 'kcc.load_tile'}}
      %x = kcc.load_tile %cv[%i, %s] dims [] : !kcc.view<?x?xf32> -> f32
      %z = arith.fptosi %x : f32 to i64
      %bt = kcc.load_tile %bv[%z, %s] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: it has no matrix products}}
  gpu.func @f(%x: f32) kernel {
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %rows = arith.constant 128 : i64
    %columns = arith.constant 256 : i64
    %none = arith.constant dense<0.0> : tensor<512x32xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %p1 = kcc.program_id 1
    %q0 = arith.extsi %p0 : i32 to i64
    %q1 = arith.extsi %p1 : i32 to i64
    %r = arith.muli %q0, %rows : i64
    %s = arith.muli %q1, %columns : i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<512x32xf32>) : i64 {
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: a factor is not copied in bulk: the tile has more than 256 rows}}
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<512x64xf16>
      %bt = kcc.load_tile %bv[%i, %s] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x32xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<512x64xf16>, tensor<64x32xf16>) outs(%acc : tensor<512x32xf32>) -> tensor<512x32xf32>
      scf.yield %d : tensor<512x32xf32>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<512x32xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f8E4M3FN> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f8E4M3FN> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 16 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 16 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %rows = arith.constant 128 : i64
    %columns = arith.constant 256 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f8E4M3FN> -> !kcc.view<?x?xf8E4M3FN>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f8E4M3FN> -> !kcc.view<?x?xf8E4M3FN>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %p1 = kcc.program_id 1
    %q0 = arith.extsi %p0 : i32 to i64
    %q1 = arith.extsi %p1 : i32 to i64
    %r = arith.muli %q0, %rows : i64
    %s = arith.muli %q1, %columns : i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf32>) : i64 {
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf8E4M3FN> -> tensor<128x64xf8E4M3FN>
      %bt = kcc.load_tile %bv[%i, %s] dims [0, 1] : !kcc.view<?x?xf8E4M3FN> -> tensor<64x256xf8E4M3FN>
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: the matrix unit reads elements of 8 bits only where neighbours along the depth are neighbours in memory; the second factor's are not}}
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf8E4M3FN>, tensor<64x256xf8E4M3FN>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
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
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: a factor of a product is used for something else too}}
      kcc.store_tile %at, %av[%r, %i] dims [0, 1] : tensor<128x64xf16>, !kcc.view<?x?xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %rows = arith.constant 128 : i64
    %columns = arith.constant 256 : i64
    %none = arith.constant dense<0.0> : tensor<256x256xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %p1 = kcc.program_id 1
    %q0 = arith.extsi %p0 : i32 to i64
    %q1 = arith.extsi %p1 : i32 to i64
    %r = arith.muli %q0, %rows : i64
    %s = arith.muli %q1, %columns : i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<256x256xf32>) : i64 {
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<256x64xf16>
      %bt = kcc.load_tile %bv[%i, %s] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: its sums take 256 registers of each thread}}
      %d = linalg.matmul ins(%at, %bt : tensor<256x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<256x256xf32>) -> tensor<256x256xf32>
      scf.yield %d : tensor<256x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<256x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}
