// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-divide-sums --canonicalize --cse %s | FileCheck %s
// RUN: kcc-opt --target b200 --kcc-divide-sums --canonicalize --cse %s | FileCheck %s

#grid = affine_map<()[s0, s1] -> (s0 ceildiv 64, s1 ceildiv 128)>
gpu.module @m {
  // Blocks take turns with the steps, and each finishes 8 of the 64 rows.
  // CHECK-LABEL: gpu.func @layer
  // CHECK-SAME: kcc.sum_blocks = 8 : i32
  // CHECK-NOT: kcc.divide_sums
  // CHECK: %[[STEP:.*]] = arith.constant 512 : i64
  // CHECK: %[[B:.*]] = kcc.block_id
  // CHECK: %[[N:.*]] = arith.extsi %[[B]] : i32 to i64
  // CHECK: %[[FIRST:.*]] = arith.muli %[[N]], %{{.*}} : i64
  // CHECK: %[[S:.*]] = scf.for %{{.*}} = %[[FIRST]] to %{{.*}} step %[[STEP]] iter_args
  // CHECK: linalg.matmul
  // CHECK: %[[P:.*]] = kcc.reduce_scatter %[[S]] : tensor<64x128xf32> -> tensor<8x128xf32>
  // CHECK: %[[BIAS:.*]] = kcc.broadcast %{{.*}} : tensor<1x128xf32> -> tensor<8x128xf32>
  // CHECK: %[[T:.*]] = arith.addf %[[P]], %[[BIAS]] : tensor<8x128xf32>
  // CHECK: %[[FROM:.*]] = arith.muli %[[N]], %{{.*}} : i64
  // CHECK: %[[ROW:.*]] = arith.addi %{{.*}}, %[[FROM]] : i64
  // CHECK: %[[MORE:.*]] = kcc.load_tile %{{.*}}[%[[ROW]], %{{.*}}] dims [0, 1] : <?x?xf32> -> tensor<8x128xf32>
  // CHECK: arith.addf %[[T]], %[[MORE]]
  // CHECK: arith.truncf %{{.*}} : tensor<8x128xf32> to tensor<8x128xf16>
  // CHECK: kcc.store_tile %{{.*}}, %{{.*}}[%[[ROW]], %{{.*}}] dims [0, 1] : tensor<8x128xf16>, <?x?xf16>
  gpu.func @layer(%a: !kcc.ptr<f16>, %b: !kcc.ptr<f16>, %bias: !kcc.ptr<f32>, %r: !kcc.ptr<f32>, %c: !kcc.ptr<f16>,
      %m: i64, %n: i64, %k: i64) kernel attributes {kcc.divide_sums = 8 : i32, kcc.grid = #grid, kcc.grid_symbols = ["m", "n"]} {
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i64
    %c64 = arith.constant 64 : i64
    %c128 = arith.constant 128 : i64
    %va = kcc.view %a, sizes[%m, %k], strides[%k, %one] : <f16> -> <?x?xf16>
    %vb = kcc.view %b, sizes[%k, %n], strides[%n, %one] : <f16> -> <?x?xf16>
    %vbias = kcc.view %bias, sizes[%n], strides[%one] : <f32> -> <?xf32>
    %vr = kcc.view %r, sizes[%m, %n], strides[%n, %one] : <f32> -> <?x?xf32>
    %vc = kcc.view %c, sizes[%m, %n], strides[%n, %one] : <f16> -> <?x?xf16>
    %pm = kcc.program_id 0
    %pn = kcc.program_id 1
    %lm = arith.extsi %pm : i32 to i64
    %ln = arith.extsi %pn : i32 to i64
    %row = arith.muli %lm, %c64 : i64
    %column = arith.muli %ln, %c128 : i64
    %init = arith.constant dense<0.0> : tensor<64x128xf32>
    %sum = scf.for %i = %zero to %k step %c64 iter_args(%acc = %init) -> (tensor<64x128xf32>) : i64 {
      %x = kcc.load_tile %va[%row, %i] dims [0, 1] : <?x?xf16> -> tensor<64x64xf16>
      %y = kcc.load_tile %vb[%i, %column] dims [0, 1] : <?x?xf16> -> tensor<64x128xf16>
      %d = linalg.matmul ins(%x, %y : tensor<64x64xf16>, tensor<64x128xf16>) outs(%acc : tensor<64x128xf32>) -> tensor<64x128xf32>
      scf.yield %d : tensor<64x128xf32>
    }
    %v = kcc.load_tile %vbias[%column] dims [0] : <?xf32> -> tensor<128xf32>
    %v1 = kcc.reshape %v : tensor<128xf32> -> tensor<1x128xf32>
    %vs = kcc.broadcast %v1 : tensor<1x128xf32> -> tensor<64x128xf32>
    %s1 = arith.addf %sum, %vs : tensor<64x128xf32>
    %res = kcc.load_tile %vr[%row, %column] dims [0, 1] : <?x?xf32> -> tensor<64x128xf32>
    %s2 = arith.addf %s1, %res : tensor<64x128xf32>
    %h = arith.truncf %s2 : tensor<64x128xf32> to tensor<64x128xf16>
    kcc.store_tile %h, %vc[%row, %column] dims [0, 1] : tensor<64x128xf16>, <?x?xf16>
    gpu.return
  }
  // Any tile that is only added to; what is known of rows moves with them.
  // CHECK-LABEL: gpu.func @columns
  // CHECK: kcc.reduce_scatter %{{.*}} : tensor<32xf32> -> tensor<16xf32>
  // CHECK: kcc.arange : tensor<16xi32>
  // CHECK: arith.uitofp %{{.*}} : tensor<16xi32> to tensor<16xf32>
  gpu.func @columns(%a: !kcc.ptr<f32>, %c: !kcc.ptr<f32>, %m: i64, %n: i64) kernel attributes {kcc.divide_sums = 2 : i32} {
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i64
    %va = kcc.view %a, sizes[%m, %n], strides[%n, %one] : <f32> -> <?x?xf32>
    %vc = kcc.view %c, sizes[%n], strides[%one] : <f32> -> <?xf32>
    %init = arith.constant dense<0.0> : tensor<32xf32>
    %sum = scf.for %i = %zero to %m step %one iter_args(%acc = %init) -> (tensor<32xf32>) : i64 {
      %x = kcc.load_tile %va[%i, %zero] dims [1] : <?x?xf32> -> tensor<32xf32>
      %d = arith.addf %acc, %x : tensor<32xf32>
      scf.yield %d : tensor<32xf32>
    }
    %numbers = kcc.arange : tensor<32xi32>
    %weights = arith.uitofp %numbers : tensor<32xi32> to tensor<32xf32>
    %w = arith.mulf %sum, %weights : tensor<32xf32>
    kcc.store_tile %w, %vc[%zero] dims [0] : tensor<32xf32>, <?xf32>
    gpu.return
  }
}
