// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-space-rows --verify-diagnostics --split-input-file %s
// RUN: kcc-opt --target h100 --kcc-space-rows --split-input-file %s | FileCheck %s --implicit-check-not=x?x?x

// CHECK-LABEL: gpu.func @one_row
gpu.module @m {
  // expected-remark @+1 {{the grid is no number of rows over rows of a program}}
  gpu.func @one_row(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %two = arith.constant 2 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %wide = arith.extsi %pid : i32 to i64
    %row = arith.muli %wide, %two : i64
    %t = kcc.load_tile %v[%wide, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    kcc.store_tile %t, %u[%wide, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @no_room
gpu.module @m {
  // expected-remark @+1 {{rows of a tile cannot be shifted together}}
  gpu.func @no_room(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0 ceildiv 2)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1024"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %two = arith.constant 2 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %wide = arith.extsi %pid : i32 to i64
    %row = arith.muli %wide, %two : i64
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<2x1024xbf16>
    kcc.store_tile %t, %u[%row, %zero] dims [0, 1] : tensor<2x1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @half_a_warp
gpu.module @m {
  // expected-remark @+1 {{rows leave more than a quarter of a warp's accesses empty}}
  gpu.func @half_a_warp(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0 ceildiv 2)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 320"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %two = arith.constant 2 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %wide = arith.extsi %pid : i32 to i64
    %row = arith.muli %wide, %two : i64
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<2x512xbf16>
    kcc.store_tile %t, %u[%row, %zero] dims [0, 1] : tensor<2x512xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @counted
gpu.module @m {
  // expected-remark @+1 {{'tensor.splat' needs the program's number or its first row}}
  gpu.func @counted(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0 ceildiv 2)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %two = arith.constant 2 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %wide = arith.extsi %pid : i32 to i64
    %row = arith.muli %wide, %two : i64
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<2x1024xbf16>
    kcc.store_tile %t, %u[%row, %zero] dims [0, 1] : tensor<2x1024xbf16>, !kcc.view<?x?xbf16>
    %s = tensor.splat %row : tensor<64xi64>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @other_rows
gpu.module @m {
  // expected-remark @+1 {{the program's first row is not its number times its rows}}
  gpu.func @other_rows(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0 ceildiv 2)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %two = arith.constant 2 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %wide = arith.extsi %pid : i32 to i64
    %row = arith.muli %wide, %two : i64
    %t = kcc.load_tile %v[%wide, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<2x1024xbf16>
    kcc.store_tile %t, %u[%row, %zero] dims [0, 1] : tensor<2x1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @columns
gpu.module @m {
  // expected-remark @+1 {{the program's number is no place of whole rows}}
  gpu.func @columns(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0 ceildiv 2)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %two = arith.constant 2 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %wide = arith.extsi %pid : i32 to i64
    %row = arith.muli %wide, %two : i64
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<2x1024xbf16>
    kcc.store_tile %t, %u[%row, %zero] dims [0, 1] : tensor<2x1024xbf16>, !kcc.view<?x?xbf16>
    %c = kcc.load_tile %v[%zero, %row] dims [1] : !kcc.view<?x?xbf16> -> tensor<2xbf16>
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @unknown
gpu.module @m {
  // expected-remark @+1 {{the program's number is multiplied by what is not constant}}
  gpu.func @unknown(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0 ceildiv 2)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %two = arith.constant 2 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %wide = arith.extsi %pid : i32 to i64
    %row = arith.muli %wide, %two : i64
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<2x1024xbf16>
    kcc.store_tile %t, %u[%row, %zero] dims [0, 1] : tensor<2x1024xbf16>, !kcc.view<?x?xbf16>
    %some = arith.muli %wide, %n : i64
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @two_programs
gpu.module @m {
  // expected-remark @+1 {{programs are not counted along one axis, or are asked for in several places}}
  gpu.func @two_programs(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0 ceildiv 2)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %two = arith.constant 2 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %wide = arith.extsi %pid : i32 to i64
    %row = arith.muli %wide, %two : i64
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<2x1024xbf16>
    kcc.store_tile %t, %u[%row, %zero] dims [0, 1] : tensor<2x1024xbf16>, !kcc.view<?x?xbf16>
    %other = kcc.program_id 0
    gpu.return
  }
}
