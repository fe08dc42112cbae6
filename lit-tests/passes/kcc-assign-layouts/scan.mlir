// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-assign-layouts --kcc-allocate-shared %s | FileCheck %s

// A row that is scanned has one piece in each warp: registers stand between lanes and warps, and four totals of 4 bytes for
// 128 threads are all that meets in shared memory.
// CHECK: kcc.shared_bytes = 512 : i64
// CHECK: kcc.scan
// CHECK: tensor<4096xf32, #kcc.layout<rank = 1, register = {{\[}}[1], [2], [128], [256], [512]], lane = {{\[}}[4], [8], [16], [32], [64]], warp = {{\[}}[1024], [2048]], block = []>>
gpu.module @m {
  gpu.func @row(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}) kernel attributes {kcc.num_warps = 4 : i32} {
    %i = kcc.arange : tensor<4096xi32>
    %a = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<4096xi32> -> tensor<4096xf32>
    %s = kcc.scan %a attributes {axis = 0 : i64} {
    ^bb0(%acc: f32, %in: f32):
      %v = arith.addf %acc, %in : f32
      kcc.yield %v : f32
    } : tensor<4096xf32> -> tensor<4096xf32>
    kcc.store %s, %x[%i] : tensor<4096xf32>, !kcc.ptr<f32>, tensor<4096xi32>
    gpu.return
  }
}
