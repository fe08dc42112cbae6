// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-assign-layouts %s | FileCheck %s

// The row is cut over the blocks, every block has the small tile.
// CHECK-LABEL: gpu.func @f
// CHECK:         kcc.load {{.*}} -> tensor<8192xf32, {{.*}}register = {{\[\[}}1], [2], [1024]], {{.*}} warp = {{\[\[}}128], [256], [512]], block = {{\[\[}}2048], [4096]]>>
// CHECK:         kcc.load {{.*}} -> tensor<16xf32, {{.*}}register = [], {{.*}} block = {{\[\[}}0], [0]]>>
// CHECK-NOT:     kcc.convert_layout
gpu.module @m {
  gpu.func @f(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, %y: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}) kernel
      attributes {kcc.num_warps = 8 : i32, kcc.cluster_blocks = 4 : i32} {
    %i = kcc.arange : tensor<8192xi32>
    %row = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<8192xi32> -> tensor<8192xf32>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %sum = linalg.reduce ins(%row : tensor<8192xf32>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %sum[] : tensor<f32>
    %j = kcc.arange : tensor<16xi32>
    %small = kcc.load %y[%j] : !kcc.ptr<f32>, tensor<16xi32> -> tensor<16xf32>
    %t = tensor.splat %s : tensor<16xf32>
    %u = arith.addf %small, %t : tensor<16xf32>
    kcc.store %u, %y[%j] : tensor<16xf32>, !kcc.ptr<f32>, tensor<16xi32>
    gpu.return
  }
}
