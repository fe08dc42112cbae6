// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-shift-rows %s | FileCheck %s
// RUN: kcc-opt --target mi300 --kcc-shift-rows %s | FileCheck %s

gpu.module @m {
  // The columns behind the row's end, zeros, are summed as well: what whole vectors bring of the neighbours is set to zero.
  // CHECK-LABEL: gpu.func @sum
  // CHECK:         %[[START:.*]] = arith.muli %{{.*}}, %[[N:.*]] : i64
  // CHECK:         %[[SEVEN:.*]] = arith.constant 7 : i64
  // CHECK:         %[[BEFORE:.*]] = arith.andi %[[START]], %[[SEVEN]]
  // CHECK:         %[[S:.*]] = arith.trunci %[[BEFORE]] : i64 to i32
  // CHECK:         %[[MASK:.*]] = arith.constant -8 : i64
  // CHECK:         %[[FIRST:.*]] = arith.andi %[[START]], %[[MASK]]
  // CHECK:         %[[END:.*]] = arith.addi %[[S]], %{{.*}} : i32
  // Whole vectors where they are inside of the array, no more.
  // CHECK:         %[[INSIDE:.*]] = arith.cmpi sle
  // CHECK:         %[[READ:.*]] = arith.select %[[INSIDE]], %{{.*}}, %[[END]]
  // CHECK:         %[[BOUND:.*]] = arith.select %{{.*}}, %[[READ]]
  // CHECK:         %[[BOUNDS:.*]] = tensor.splat %[[BOUND]]
  // CHECK:         %[[M:.*]] = arith.cmpi slt, %{{.*}}, %[[BOUNDS]]
  // CHECK:         %[[P:.*]] = kcc.add_ptr %{{.*}}, %[[FIRST]]
  // CHECK:         %[[T:.*]] = kcc.load %[[P]][%{{.*}}] mask %[[M]] {kcc.window}
  // CHECK:         %[[LOWS:.*]] = tensor.splat %[[S]]
  // CHECK:         %[[LOW:.*]] = arith.cmpi sge, %{{.*}}, %[[LOWS]]
  // CHECK:         %[[HIGHS:.*]] = tensor.splat %[[END]]
  // CHECK:         %[[HIGH:.*]] = arith.cmpi slt, %{{.*}}, %[[HIGHS]]
  // CHECK:         %[[W:.*]] = arith.andi %[[LOW]], %[[HIGH]]
  // CHECK:         arith.select %[[W]], %[[T]]
  // CHECK:         linalg.reduce
  // CHECK:         kcc.store %{{.*}}, %{{.*}}[%{{.*}}] mask %{{.*}} {kcc.window}
  // CHECK-NOT:     kcc.load_tile
  // CHECK-NOT:     kcc.store_tile
  gpu.func @sum(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                %y: !kcc.ptr<bf16> {kcc.name = "Y", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %none = arith.constant dense<0.0> : tensor<bf16>
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    %s = linalg.reduce ins(%t : tensor<1024xbf16>) outs(%none : tensor<bf16>) dimensions = [0]
      (%in: bf16, %acc: bf16) { %r = arith.addf %in, %acc : bf16  linalg.yield %r : bf16 }
    %sum = tensor.extract %s[] : tensor<bf16>
    %all = tensor.splat %sum : tensor<1024xbf16>
    %q = arith.divf %t, %all : tensor<1024xbf16>
    kcc.store_tile %q, %u[%row, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }

  // Weights are read from so many elements before their first; what is stored into the row hides what is outside of it.
  // CHECK-LABEL: gpu.func @weights
  // CHECK:         %[[S:.*]] = arith.trunci
  // CHECK:         %[[ROW:.*]] = kcc.load
  // CHECK-NOT:     arith.select {{.*}}xi1
  // CHECK:         %[[WIDE:.*]] = arith.extsi %[[S]] : i32 to i64
  // CHECK:         %[[BACK:.*]] = arith.subi %{{.*}}, %[[WIDE]]
  // CHECK:         %[[P:.*]] = kcc.add_ptr %arg1, %[[BACK]]
  // CHECK:         %[[W:.*]] = kcc.load %[[P]]
  // CHECK:         arith.mulf
  // CHECK:         kcc.store
  gpu.func @weights(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                    %w: !kcc.ptr<bf16> {kcc.name = "W", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                    %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %u = kcc.view %w, sizes [%n], strides [%one] : !kcc.ptr<bf16> -> !kcc.view<?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    %t = kcc.load_tile %v[%row, %zero] dims [0, 1] : !kcc.view<?x?xbf16> -> tensor<1x1024xbf16>
    %a = kcc.load_tile %u[%zero] dims [0] : !kcc.view<?xbf16> -> tensor<1024xbf16>
    %b = kcc.reshape %a : tensor<1024xbf16> -> tensor<1x1024xbf16>
    %p = arith.mulf %t, %b : tensor<1x1024xbf16>
    kcc.store_tile %p, %v[%row, %zero] dims [0, 1] : tensor<1x1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }

  // A comparison of columns becomes one of positions with two bounds, and the selection is made before the elements are
  // extended. Other uses of columns get the rotated ones.
  // CHECK-LABEL: gpu.func @columns
  // CHECK:         %[[T:.*]] = kcc.load {{.*}}kcc.window
  // CHECK:         %[[INF:.*]] = arith.constant dense<0xFF80> : tensor<1024xbf16>
  // CHECK:         %[[C:.*]] = arith.select %{{.*}}, %[[T]], %[[INF]]
  // CHECK:         %[[E:.*]] = arith.extf %[[C]]
  // CHECK:         %[[R:.*]] = arith.andi %{{.*}}, %{{.*}} : tensor<1024xi32>
  // CHECK:         arith.sitofp %[[R]]
  // CHECK:         arith.addf %[[E]]
  gpu.func @columns(%x: !kcc.ptr<bf16> {kcc.name = "X", kcc.kind = "tensor", kcc.divisibility = 16 : i64},
                    %m: i64 {kcc.name = "M", kcc.kind = "size"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0)>, kcc.grid_symbols = ["M"], kcc.requires = ["N <= 1017"]} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %most = arith.constant 1024 : i64
    %none = arith.constant dense<0xFF800000> : tensor<1024xf32>
    %v = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<bf16> -> !kcc.view<?x?xbf16>
    %pid = kcc.program_id 0
    %row = arith.extsi %pid : i32 to i64
    %t = kcc.load_tile %v[%row, %zero] dims [1] : !kcc.view<?x?xbf16> -> tensor<1024xbf16>
    %f = arith.extf %t : tensor<1024xbf16> to tensor<1024xf32>
    %i = kcc.arange : tensor<1024xi32>
    %low = arith.maxsi %n, %zero : i64
    %high = arith.minsi %low, %most : i64
    %bound = arith.trunci %high : i64 to i32
    %bounds = tensor.splat %bound : tensor<1024xi32>
    %c = arith.cmpi slt, %i, %bounds : tensor<1024xi32>
    %s = arith.select %c, %f, %none : tensor<1024xi1>, tensor<1024xf32>
    %g = arith.sitofp %i : tensor<1024xi32> to tensor<1024xf32>
    %a = arith.addf %s, %g : tensor<1024xf32>
    %b = arith.truncf %a : tensor<1024xf32> to tensor<1024xbf16>
    kcc.store_tile %b, %v[%row, %zero] dims [1] : tensor<1024xbf16>, !kcc.view<?x?xbf16>
    gpu.return
  }
}
