// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-stage-ragged-rows --verify-diagnostics --split-input-file %s
// RUN: kcc-opt --target h100 --kcc-stage-ragged-rows --split-input-file %s | FileCheck %s --implicit-check-not=_span

// CHECK-LABEL: gpu.func @aligned
gpu.module @m {
  gpu.func @aligned(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"},
      %n: i64 {kcc.name = "N", kcc.kind = "size", kcc.divisibility = 16 : i64}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    // expected-remark @+1 {{rows begin at multiples of 16 bytes}}
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    // expected-remark @+1 {{rows begin at multiples of 16 bytes}}
    kcc.store_tile %t, %v[%row, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @longer_rows
gpu.module @m {
  gpu.func @longer_rows(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"},
      %pitch: i64 {kcc.name = "P"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %w = kcc.view %x, sizes [%m, %n], strides [%pitch, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %x, sizes [%m, %n], strides [%one, %pitch] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    // expected-remark @+1 {{rows may be longer than the tile's 64 columns}}
    %t = kcc.load_tile %v[%zero, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<32x64xbf16>
    // expected-remark @+1 {{a tile of several rows does not begin at column 0}}
    kcc.store_tile %t, %v[%zero, %one] dims [0, 1] : tensor<32x64xbf16>, !kcc.view<?x?xbf16>
    // expected-remark @+1 {{between the rows of the tile lie elements of other rows}}
    kcc.store_tile %t, %w[%zero, %zero] dims [0, 1] : tensor<32x64xbf16>, !kcc.view<?x?xbf16>
    // expected-remark @+1 {{the last dimension of the tile is not the one whose elements lie side by side}}
    kcc.store_tile %t, %u[%zero, %zero] dims [0, 1] : tensor<32x64xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @not_worth_it
gpu.module @m {
  gpu.func @not_worth_it(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor"}, %y: !kcc.ptr<f32> {kcc.name = "Y", kcc.kind = "tensor"},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}, %from: i64) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %w = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    // expected-remark @+1 {{the tile has fewer than the 512 bytes that a warp moves at once}}
    %t = kcc.load_tile %v[%one, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<128xbf16>
    // expected-remark @+1 {{lanes side by side move single elements of 4 bytes in whole sectors}}
    %u = kcc.load_tile %w[%one, %zero] dims [1] : !kcc.view<?x?xf32> -> tensor<1024xf32>
    // expected-remark @+1 {{the tile takes 131088 bytes of shared memory, and two blocks would not fit}}
    %s = kcc.load_tile %v[%one, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<65536xbf16>
    // expected-remark @+1 {{the tile may begin before its array}}
    %r = kcc.load_tile %v[%one, %from] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    // expected-remark @+1 {{one element is read or written}}
    %q = kcc.load_tile %v[%one, %zero] dims [] : !kcc.view<?x?xbf16> -> bf16
    gpu.return
  }
}
