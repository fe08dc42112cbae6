// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-shift-rows --verify-diagnostics --split-input-file %s
// RUN: kcc-opt --target h100 --kcc-shift-rows --split-input-file %s | FileCheck %s --implicit-check-not=kcc.window

// CHECK-LABEL: gpu.func @aligned
gpu.module @m {
  gpu.func @aligned(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size", kcc.divisibility = 16 : i64}) kernel attributes {kcc.requires = ["N <= 1017"]} {
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

// CHECK-LABEL: gpu.func @no_room
gpu.module @m {
  gpu.func @no_room(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel attributes {kcc.requires = ["N <= 1024"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    // expected-remark @+1 {{rows may be longer than 1017 columns, and a tile of 1024 has no room for as many as 7 elements before them}}
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    // expected-remark @+1 {{rows may be longer than 1017 columns, and a tile of 1024 has no room for as many as 7 elements before them}}
    kcc.store_tile %t, %v[%row, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @several_rows
gpu.module @m {
  gpu.func @several_rows(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel attributes {kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    // expected-remark @+1 {{rows of one tile may begin differently far from a multiple of 16 bytes}}
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<2x1024xbf16>
    // expected-remark @+1 {{rows of one tile may begin differently far from a multiple of 16 bytes}}
    kcc.store_tile %t, %v[%row, %zero] dims [0, 1] : tensor<2x1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @flip
gpu.module @m {
  gpu.func @flip(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel attributes {kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    // expected-remark @+1 {{'kcc.flip' needs columns at their places}}
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    %s = kcc.flip %t axis 0 : tensor<1024xbf16>
    // expected-remark @+1 {{'kcc.flip' needs columns at their places}}
    kcc.store_tile %s, %v[%row, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @first_of_two
gpu.module @m {
  gpu.func @first_of_two(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel attributes {kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    // expected-remark @+1 {{the function of a reduction is not known to give the same with its arguments exchanged}}
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    %none = arith.constant dense<0.0> : tensor<bf16>
    %s = linalg.reduce ins(%t : tensor<1024xbf16>) outs(%none : tensor<bf16>) dimensions = [0]
      (%in: bf16, %acc: bf16) { %r = arith.subf %acc, %in : bf16  linalg.yield %r : bf16 }
    // expected-remark @+1 {{the function of a reduction is not known to give the same with its arguments exchanged}}
    kcc.store_tile %t, %v[%row, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @short
gpu.module @m {
  gpu.func @short(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel attributes {kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    // expected-remark @+1 {{the tile has fewer than the 512 bytes that a warp moves at once}}
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<128xbf16>
    // expected-remark @+1 {{one element is read or written}}
    %q = kcc.load_tile %v[%row, %zero] dims [] : !kcc.view<?x?xbf16> -> bf16
    // expected-remark @+1 {{a tile does not begin at column 0}}
    %r = kcc.load_tile %v[%row, %one] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @elsewhere
gpu.module @m {
  gpu.func @elsewhere(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel attributes {kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    // expected-remark @+1 {{what is written begins elsewhere than what is read}}
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    // expected-remark @+1 {{what is written begins elsewhere than what is read}}
    kcc.store_tile %t, %v[%row, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    // expected-remark @+1 {{what is written begins elsewhere than what is read}}
    kcc.store_tile %t, %v[%one, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}
