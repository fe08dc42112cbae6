// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-fuse-online-reductions %s | FileCheck %s

#row = #kcc.layout<rank = 1, register = [[1], [2], [4], [4096]], lane = [[8], [16], [32], [64], [128]],
                   warp = [[256], [512], [1024]], block = [[2048]]>

// Two groups of registers, 16 warps of two blocks, 256 elements that each of them has side by side.
// CHECK-LABEL: gpu.func @softmax
// CHECK:         %[[X:.*]] = kcc.reshape %{{.*}} : tensor<8192xf32, #{{.*}}> -> tensor<2x16x256xf32
// CHECK:         %[[M:.*]] = linalg.reduce ins(%[[X]] {{.*}} dimensions = [0, 2]
// CHECK:           arith.maximumf
// CHECK:         %[[FINITE:.*]] = arith.maxnumf %[[M]]
// CHECK:         %[[R:.*]] = kcc.reshape %[[FINITE]] : {{.*}} -> tensor<1x16x1xf32
// CHECK:         %[[B:.*]] = kcc.broadcast %[[R]]
// CHECK:         %[[D:.*]] = arith.subf %[[X]], %[[B]]
// CHECK:         %[[E:.*]] = math.exp2 %[[D]]
// CHECK:         %[[S:.*]] = linalg.reduce ins(%[[E]] {{.*}} dimensions = [0, 2]
// CHECK:           arith.addf
// CHECK:         %[[BOTH:.*]]:2 = linalg.reduce ins(%[[M]], %[[S]] {{.*}} dimensions = [0]  {kcc.no_initial_value}
// CHECK:           arith.maximumf
// CHECK-COUNT-2:   math.exp2
// CHECK:         %[[ZERO:.*]] = arith.subf %[[BOTH]]#0, %[[BOTH]]#0
// CHECK:         %[[SUM:.*]] = arith.addf %[[BOTH]]#1, %[[ZERO]]
// CHECK-NOT:     linalg.reduce
// CHECK:         tensor.extract %[[BOTH]]#0
// CHECK:         tensor.extract %[[SUM]]
gpu.module @m {
  gpu.func @softmax(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>) kernel
      attributes {kcc.num_warps = 8 : i32, kcc.cluster_blocks = 2 : i32} {
    %i = kcc.arange : tensor<8192xi32, #row>
    %low = arith.constant dense<0xFF800000> : tensor<f32>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<8192xi32, #row> -> tensor<8192xf32, #row>
    %max = linalg.reduce ins(%v : tensor<8192xf32, #row>) outs(%low : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.maximumf %a, %b : f32 linalg.yield %r : f32 }
    %m = tensor.extract %max[] : tensor<f32>
    %mt = tensor.splat %m : tensor<8192xf32, #row>
    %d = arith.subf %v, %mt : tensor<8192xf32, #row>
    %e = math.exp2 %d : tensor<8192xf32, #row>
    %sum = linalg.reduce ins(%e : tensor<8192xf32, #row>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %sum[] : tensor<f32>
    %st = tensor.splat %s : tensor<8192xf32, #row>
    %q = arith.divf %e, %st : tensor<8192xf32, #row>
    kcc.store %q, %y[%i] : tensor<8192xf32, #row>, !kcc.ptr<f32>, tensor<8192xi32, #row>
    gpu.return
  }
}
