// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-allocate-shared %s | FileCheck %s

#row = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [[32], [64]], block = [[128], [256]]>

// Slots for the values of four blocks lie behind all scratch and share no bytes.
// CHECK-LABEL: gpu.func @f
// CHECK-SAME:    kcc.shared_bytes = 64 : i64
// CHECK:         linalg.reduce {{.*}} {kcc.shared_offset = 0 : i64, kcc.shared_size = 16 : i64, kcc.slots_offset = 32 : i64, kcc.slots_size = 16 : i64
// CHECK:         linalg.reduce {{.*}} {kcc.shared_offset = 16 : i64, kcc.shared_size = 16 : i64, kcc.slots_offset = 48 : i64, kcc.slots_size = 16 : i64
gpu.module @m {
  gpu.func @f(%x: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 4 : i32, kcc.cluster_blocks = 4 : i32} {
    %i = kcc.arange : tensor<512xi32, #row>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<512xi32, #row> -> tensor<512xf32, #row>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %p = linalg.reduce ins(%v : tensor<512xf32, #row>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %q = linalg.reduce ins(%v : tensor<512xf32, #row>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.mulf %a, %b : f32 linalg.yield %r : f32 }
    gpu.return
  }
}
