// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --verify-diagnostics --split-input-file --kcc-specialize-warps %s | FileCheck %s
// Why a factor is not copied in bulk is said where it is loaded.

// CHECK-NOT: kcc.start

// The array of the factor is whatever a pointer points to.

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "pointer", kcc.name = "A"},
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
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: a factor is not copied in bulk: its view is no whole tensor parameter}}
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %zero] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

// Every second row.

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %two = arith.constant 2 : i64
    %odd = arith.muli %k, %two : i64
    %av = kcc.view %a, sizes[%m, %k], strides[%odd, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %r = arith.extsi %p0 : i32 to i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf32>) : i64 {
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: a factor is not copied in bulk: its view is no whole tensor parameter}}
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %zero] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

// Elements of a row lie two apart.

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K", 2]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %two = arith.constant 2 : i64
    %row = arith.muli %k, %two : i64
    %av = kcc.view %a, sizes[%m, %k, %two], strides[%row, %two, %one] : !kcc.ptr<f16> -> !kcc.view<?x?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %r = arith.extsi %p0 : i32 to i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf32>) : i64 {
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: a factor is not copied in bulk: the rows of the tile are no rows of the array}}
      %at = kcc.load_tile %av[%r, %i, %zero] dims [0, 1] : !kcc.view<?x?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %zero] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

// Nothing is known of the address.

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
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
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: a factor is not copied in bulk: the array may begin anywhere}}
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %zero] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

// More dimensions than a tensor map has.

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = [2, 2, 2, 2, "M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %two = arith.constant 2 : i64
    %s3 = arith.muli %m, %k : i64
    %s2 = arith.muli %two, %s3 : i64
    %s1 = arith.muli %two, %s2 : i64
    %s0 = arith.muli %two, %s1 : i64
    %av = kcc.view %a, sizes[%two, %two, %two, %two, %m, %k], strides[%s0, %s1, %s2, %s3, %k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?x?x?x?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %r = arith.extsi %p0 : i32 to i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf32>) : i64 {
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: a factor is not copied in bulk: the array has rank 6; the copy engine takes 5}}
      %at = kcc.load_tile %av[%zero, %zero, %zero, %zero, %r, %i] dims [4, 5] : !kcc.view<?x?x?x?x?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %zero] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

// The widest slots that are still one box high.

gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 256 : i64
    %none = arith.constant dense<0.0> : tensor<256x64xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %r = arith.extsi %p0 : i32 to i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<256x64xf32>) : i64 {
      // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: two slots of its tiles do not fit into 232448 bytes of shared memory}}
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<256x256xf16>
      %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<256x64xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<256x256xf16>, tensor<256x64xf16>) outs(%acc : tensor<256x64xf32>) -> tensor<256x64xf32>
      scf.yield %d : tensor<256x64xf32>
    }
    kcc.store_tile %sum, %cv[%r, %zero] dims [0, 1] : tensor<256x64xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

// Loaded in some steps only.

gpu.module @m {
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
      %early = arith.cmpi slt, %i, %r : i64
      %d = scf.if %early -> (tensor<128x256xf32>) {
        // expected-remark @+1 {{kcc-specialize-warps: all warps do the same: a factor is loaded under a condition}}
        %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
        %bt = kcc.load_tile %bv[%i, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
        %e = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
        scf.yield %e : tensor<128x256xf32>
      } else {
        scf.yield %acc : tensor<128x256xf32>
      }
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %zero] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}
