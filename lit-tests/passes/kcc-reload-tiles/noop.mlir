// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-reload-tiles %s | FileCheck %s

#row = #kcc.layout<rank = 1, register = [[1], [2], [4], [2048], [4096], [8192]], lane = [[8], [16], [32], [64], [128]],
                   warp = [[256], [512], [1024]], block = [[16384]]>
#short = #kcc.layout<rank = 1, register = [[1], [2], [4]], lane = [[8], [16], [32], [64], [128]],
                     warp = [[256], [512], [1024]], block = [[2048]]>

gpu.module @m {
  // The program writes the array in between: in place.
  // CHECK-LABEL: gpu.func @written
  // CHECK-COUNT-1: kcc.load
  // CHECK-NOT:   kcc.load
  gpu.func @written(%x: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 8 : i32, kcc.cluster_blocks = 2 : i32} {
    %i = kcc.arange : tensor<32768xi32, #row>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %z = arith.constant dense<0.0> : tensor<32768xf32, #row>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<32768xi32, #row> -> tensor<32768xf32, #row>
    %sum = linalg.reduce ins(%v : tensor<32768xf32, #row>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    kcc.store %z, %x[%i] : tensor<32768xf32, #row>, !kcc.ptr<f32>, tensor<32768xi32, #row>
    kcc.store %v, %x[%i] : tensor<32768xf32, #row>, !kcc.ptr<f32>, tensor<32768xi32, #row>
    gpu.return
  }

  // Eight registers leave room enough.
  // CHECK-LABEL: gpu.func @short
  // CHECK-COUNT-1: kcc.load
  // CHECK-NOT:   kcc.load
  gpu.func @short(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>) kernel
      attributes {kcc.num_warps = 8 : i32, kcc.cluster_blocks = 2 : i32} {
    %i = kcc.arange : tensor<4096xi32, #short>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<4096xi32, #short> -> tensor<4096xf32, #short>
    %sum = linalg.reduce ins(%v : tensor<4096xf32, #short>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    kcc.store %v, %y[%i] : tensor<4096xf32, #short>, !kcc.ptr<f32>, tensor<4096xi32, #short>
    gpu.return
  }
}
