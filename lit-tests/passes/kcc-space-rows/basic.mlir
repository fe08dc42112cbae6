// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-space-rows %s | FileCheck %s
// RUN: kcc-opt --target mi300 --kcc-space-rows %s | FileCheck %s
// RUN: kcc-opt --target h100 --kcc-space-rows --kcc-shift-rows %s | FileCheck %s --check-prefix=SHIFTED

// Rows 8 apart, of elements of 2 bytes, begin as far from a multiple of 16 bytes as each other. Sixteen rows are two for each
// of eight programs.
// CHECK: #[[GRID:.*]] = affine_map<()[s0] -> ((s0 ceildiv 16) * 8)>
// CHECK-LABEL: gpu.func @two_rows
// CHECK-SAME:    kcc.grid = #[[GRID]]
// CHECK:         %[[ID:.*]] = kcc.program_id 0
// CHECK:         %[[GROUP:.*]] = arith.shrui %[[ID]], %{{.*}} : i32
// CHECK:         %[[WITHIN:.*]] = arith.andi %[[ID]], %{{.*}} : i32
// CHECK:         %[[RESIDUE:.*]] = arith.extui %[[WITHIN]] : i32 to i64
// CHECK:         %[[WIDE:.*]] = arith.extui %[[GROUP]] : i32 to i64
// CHECK:         %[[FIRST:.*]] = arith.muli %[[WIDE]], %{{.*}} : i64
// CHECK:         %[[RESIDUES:.*]] = arith.addi %[[RESIDUE]], %{{.*}} : i64
// CHECK-DAG:     %[[COUNT:.*]] = arith.shrsi
// CHECK-DAG:     %[[APART:.*]] = arith.muli %[[N:.*]], %{{.*}} : i64
// CHECK:         %[[V:.*]] = kcc.view %{{.*}}, sizes[%[[COUNT]], %[[RESIDUES]], %{{.*}}], strides[%[[APART]], %{{.*}}, %{{.*}}] : <bf16> -> <?x?x?xbf16>
// CHECK:         kcc.load_tile %[[V]][%[[FIRST]], %[[RESIDUE]], %{{.*}}] dims [0, 2] : <?x?x?xbf16> -> tensor<2x1024xbf16>
// One element of each row.
// CHECK:         kcc.load_tile %{{.*}}[%[[FIRST]], %[[RESIDUE]], %{{.*}}] dims [0] : <?x?x?xbf16> -> tensor<2xbf16>
// CHECK:         kcc.store_tile %{{.*}}, %{{.*}}[%[[FIRST]], %[[RESIDUE]], %{{.*}}] dims [0, 2]

// Both rows are shifted by what the first one is, and a row that is none of the array's is neither read nor written.
// SHIFTED-LABEL: gpu.func @two_rows
// SHIFTED-COUNT-1: arith.trunci %{{.*}} : i64 to i32
// SHIFTED:         %[[COLUMNS:.*]] = kcc.broadcast %{{.*}} : tensor<1x1024xi1> -> tensor<2x1024xi1>
// SHIFTED:         %[[ROWS:.*]] = kcc.broadcast %{{.*}} : tensor<2x1xi1> -> tensor<2x1024xi1>
// SHIFTED:         %[[MASK:.*]] = arith.andi %[[COLUMNS]], %[[ROWS]]
// SHIFTED:         kcc.load %{{.*}} mask %[[MASK]] {kcc.window} : <bf16>, tensor<2x1024xi32> -> tensor<2x1024xbf16>
// SHIFTED:         kcc.store %{{.*}} {kcc.window} : tensor<2x1024xbf16>
gpu.module @m {
  gpu.func @two_rows(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
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
    %f = kcc.load_tile %v[%row, %zero] dims [0] : !kcc.view<?x?xbf16> -> tensor<2xbf16>
    %thin = kcc.reshape %f : tensor<2xbf16> -> tensor<2x1xbf16>
    %all = kcc.broadcast %thin : tensor<2x1xbf16> -> tensor<2x1024xbf16>
    %d = arith.subf %t, %all : tensor<2x1024xbf16>
    kcc.store_tile %d, %u[%row, %zero] dims [0, 1] : tensor<2x1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}
