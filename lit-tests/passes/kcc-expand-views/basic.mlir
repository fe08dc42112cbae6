// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-expand-views %s | FileCheck %s

gpu.module @m {
  // A row of a matrix: the grid has one program for each row, so that only the columns need a mask.
  // CHECK-LABEL: gpu.func @row
  // CHECK-SAME:    (%[[X:.*]]: !kcc.ptr<f16> {{.*}}, %[[M:.*]]: i64 {{.*}}, %[[N:.*]]: i64
  // CHECK-DAG:     %[[PID:.*]] = kcc.program_id 0
  // CHECK:         %[[ROW:.*]] = arith.extsi %[[PID]]
  // CHECK:         %[[START:.*]] = arith.muli %[[ROW]], %[[N]]
  // CHECK:         %[[P:.*]] = kcc.add_ptr %[[X]], %[[START]]
  // CHECK:         %[[I:.*]] = kcc.arange : tensor<64xi32>
  // CHECK:         %[[LEFT:.*]] = arith.subi %[[N]]
  // CHECK:         arith.maxsi
  // CHECK:         arith.minsi
  // CHECK:         %[[BOUND:.*]] = arith.trunci
  // CHECK:         %[[BOUNDS:.*]] = tensor.splat %[[BOUND]]
  // CHECK:         %[[MASK:.*]] = arith.cmpi slt, %{{.*}}, %[[BOUNDS]]
  // CHECK:         %[[V:.*]] = kcc.load %[[P]][%[[I]]] mask %[[MASK]] : <f16>, tensor<64xi32> -> tensor<64xf16>
  // CHECK-NOT:     kcc.view
  // CHECK:         kcc.store %[[V]], %{{.*}}[%{{.*}}] mask %{{.*}} : tensor<64xf16>, <f16>, tensor<64xi32>
  gpu.func @row(%x: !kcc.ptr<f16> {kcc.name = "X", kcc.kind = "tensor"},
                %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0, s1] -> (s0)>, kcc.grid_symbols = ["M", "N"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xf16> -> tensor<64xf16>
    kcc.store_tile %t, %v[%row, %zero] dims [1] : tensor<64xf16>, !kcc.view<?x?xf16>
    gpu.return
  }

  // An unknown stride makes offsets 64 bits wide; both axes are masked.
  // CHECK-LABEL: gpu.func @box
  // CHECK:         kcc.broadcast %{{.*}} : tensor<16x1xi64> -> tensor<16x32xi64>
  // CHECK:         kcc.broadcast %{{.*}} : tensor<16x1xi1> -> tensor<16x32xi1>
  // CHECK:         kcc.broadcast %{{.*}} : tensor<1x32xi64> -> tensor<16x32xi64>
  // CHECK:         kcc.broadcast %{{.*}} : tensor<1x32xi1> -> tensor<16x32xi1>
  // CHECK:         arith.andi {{.*}} : tensor<16x32xi1>
  // CHECK:         kcc.load
  // CHECK:         kcc.atomic_rmw fadd
  gpu.func @box(%x: !kcc.ptr<f32> {kcc.name = "X"}, %m: i64 {kcc.kind = "size"}, %n: i64 {kcc.kind = "size"}, %r: i64) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %t = kcc.load_tile %v[%r, %zero] dims [0, 1] : !kcc.view<?x?xf32> -> tensor<16x32xf32>
    kcc.atomic_tile fadd %t, %v[%r, %zero] dims [0, 1] : tensor<16x32xf32>, !kcc.view<?x?xf32>
    gpu.return
  }

  // A scalar is one element, masked by its bounds.
  // CHECK-LABEL: gpu.func @scalar
  // CHECK:         %[[IN:.*]] = arith.andi
  // CHECK:         kcc.load %{{.*}}[%{{.*}}] mask %[[IN]] : <f32>, i64 -> f32
  gpu.func @scalar(%x: !kcc.ptr<f32> {kcc.name = "X"}, %m: i64 {kcc.kind = "size"}, %i: i64) kernel {
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
    %t = kcc.load_tile %v[%i] dims [] : !kcc.view<?xf32> -> f32
    kcc.store_tile %t, %v[%i] dims [] : f32, !kcc.view<?xf32>
    gpu.return
  }

  // An index that is itself read from a view.
  // CHECK-LABEL: gpu.func @gather
  // CHECK:         %[[J:.*]] = kcc.load %{{.*}} : <i64>, i64 -> i64
  // CHECK:         %[[ROW:.*]] = arith.muli %[[J]]
  // CHECK:         kcc.add_ptr %{{.*}}, %[[ROW]]
  // CHECK:         arith.cmpi sge, %[[J]]
  // CHECK:         kcc.load
  // CHECK-NOT:     load_tile
  gpu.func @gather(%x: !kcc.ptr<f32> {kcc.name = "X"}, %index: !kcc.ptr<i64> {kcc.name = "I"},
                   %m: i64 {kcc.kind = "size"}, %n: i64 {kcc.kind = "size"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %w = kcc.view %index, sizes [%m], strides [%one] : !kcc.ptr<i64> -> !kcc.view<?xi64>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    %j = kcc.load_tile %w[%row] dims [] : !kcc.view<?xi64> -> i64
    %t = kcc.load_tile %v[%j, %zero] dims [1] : !kcc.view<?x?xf32> -> tensor<64xf32>
    kcc.store_tile %t, %v[%row, %zero] dims [1] : tensor<64xf32>, !kcc.view<?x?xf32>
    gpu.return
  }

  // The offset along an axis of size 1 is 0, whatever its stride.
  // CHECK-LABEL: gpu.func @one_row
  // CHECK-NOT:     arith.muli {{.*}}tensor
  // CHECK:         kcc.load %{{.*}} : <f32>, tensor<1x64xi32> -> tensor<1x64xf32>
  gpu.func @one_row(%x: !kcc.ptr<f32> {kcc.name = "X"}, %m: i64 {kcc.kind = "size"}, %n: i64 {kcc.kind = "size"}, %r: i64) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %t = kcc.load_tile %v[%r, %zero] dims [0, 1] : !kcc.view<?x?xf32> -> tensor<1x64xf32>
    kcc.store_tile %t, %v[%r, %zero] dims [0, 1] : tensor<1x64xf32>, !kcc.view<?x?xf32>
    gpu.return
  }

  // A tile of one row: the launch space says that it exists.
  // CHECK-LABEL: gpu.func @one_of_all_rows
  // CHECK-COUNT-1: arith.cmpi
  // CHECK-NOT:     arith.cmpi
  // CHECK:         kcc.load
  gpu.func @one_of_all_rows(%x: !kcc.ptr<f32> {kcc.name = "X"}, %m: i64 {kcc.kind = "size", kcc.name = "M"},
                            %n: i64 {kcc.kind = "size", kcc.name = "N"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0)>, kcc.grid_symbols = ["M"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xf32> -> tensor<1x64xf32>
    kcc.store_tile %t, %v[%row, %zero] dims [0, 1] : tensor<1x64xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}
