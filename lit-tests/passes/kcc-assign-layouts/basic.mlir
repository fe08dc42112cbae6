// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-assign-layouts %s | FileCheck %s

gpu.module @m {
  // 16-byte accesses; the constant is computed in the layout of the load; nothing is converted.
  // CHECK-LABEL: gpu.func @scale
  // CHECK:         kcc.arange : tensor<256xi32, #kcc.layout<rank = 1, register = {{\[\[}}1], [2], [128]], lane = {{\[\[}}4], [8], [16], [32], [64]], warp = [], block = []>>
  // CHECK-NOT:     kcc.convert_layout
  // CHECK:         arith.mulf {{.*}} : tensor<256xf32, #kcc.layout<rank = 1, register = {{\[\[}}1], [2], [128]]
  // CHECK-NOT:     tensor<256xf32>
  // CHECK:         gpu.return
  gpu.func @scale(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, %y: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}) kernel
      attributes {kcc.num_warps = 1 : i32} {
    %two = arith.constant dense<2.0> : tensor<256xf32>
    %i = kcc.arange : tensor<256xi32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<256xi32> -> tensor<256xf32>
    %w = arith.mulf %v, %two : tensor<256xf32>
    kcc.store %w, %y[%i] : tensor<256xf32>, !kcc.ptr<f32>, tensor<256xi32>
    gpu.return
  }

  // The result of a reduction has the slice of its input's layout, and is moved as a small tile.
  // CHECK-LABEL: gpu.func @normalize
  // CHECK:         linalg.reduce
  // CHECK-NOT:     kcc.convert_layout
  // CHECK:         kcc.broadcast %{{.*}} : tensor<16x1xf32, #kcc.layout<{{.*}}> -> tensor<16x64xf32, #kcc.layout<
  gpu.func @normalize(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}) kernel attributes {kcc.num_warps = 2 : i32} {
    %zero = arith.constant dense<0.0> : tensor<16xf32>
    %c = arith.constant dense<64> : tensor<16x64xi32>
    %r = kcc.arange : tensor<16xi32>
    %r1 = kcc.reshape %r : tensor<16xi32> -> tensor<16x1xi32>
    %r2 = kcc.broadcast %r1 : tensor<16x1xi32> -> tensor<16x64xi32>
    %k = kcc.arange : tensor<64xi32>
    %k1 = kcc.reshape %k : tensor<64xi32> -> tensor<1x64xi32>
    %k2 = kcc.broadcast %k1 : tensor<1x64xi32> -> tensor<16x64xi32>
    %s = arith.muli %r2, %c : tensor<16x64xi32>
    %o = arith.addi %s, %k2 : tensor<16x64xi32>
    %v = kcc.load %x[%o] : !kcc.ptr<f32>, tensor<16x64xi32> -> tensor<16x64xf32>
    %sum = linalg.reduce ins(%v : tensor<16x64xf32>) outs(%zero : tensor<16xf32>) dimensions = [1]
      (%in: f32, %acc: f32) {
        %a = arith.addf %in, %acc : f32
        linalg.yield %a : f32
      }
    %t1 = kcc.reshape %sum : tensor<16xf32> -> tensor<16x1xf32>
    %t2 = kcc.broadcast %t1 : tensor<16x1xf32> -> tensor<16x64xf32>
    %q = arith.divf %v, %t2 : tensor<16x64xf32>
    kcc.store %q, %x[%o] : tensor<16x64xf32>, !kcc.ptr<f32>, tensor<16x64xi32>
    gpu.return
  }

  // A product takes fragments of a matrix instruction, and its accumulator keeps them around the loop.
  // CHECK-LABEL: gpu.func @product
  // CHECK:         scf.for {{.*}} -> (tensor<64x64xf32, #kcc.layout<
  // CHECK-COUNT-2:   kcc.convert_layout {{.*}}xf16
  // CHECK:           linalg.matmul {kcc.instruction = "{{.*}}"}
  gpu.func @product(%x: !kcc.ptr<f16> {kcc.divisibility = 16 : i64}, %y: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}) kernel
      attributes {kcc.num_warps = 4 : i32} {
    %zero = arith.constant dense<0.0> : tensor<64x64xf32>
    %lo = arith.constant 0 : i64
    %hi = arith.constant 8 : i64
    %one = arith.constant 1 : i64
    %c = arith.constant dense<64> : tensor<64x64xi32>
    %r = kcc.arange : tensor<64xi32>
    %r1 = kcc.reshape %r : tensor<64xi32> -> tensor<64x1xi32>
    %r2 = kcc.broadcast %r1 : tensor<64x1xi32> -> tensor<64x64xi32>
    %k1 = kcc.reshape %r : tensor<64xi32> -> tensor<1x64xi32>
    %k2 = kcc.broadcast %k1 : tensor<1x64xi32> -> tensor<64x64xi32>
    %s = arith.muli %r2, %c : tensor<64x64xi32>
    %o = arith.addi %s, %k2 : tensor<64x64xi32>
    %sum = scf.for %i = %lo to %hi step %one iter_args(%acc = %zero) -> (tensor<64x64xf32>) : i64 {
      %a = kcc.load %x[%o] : !kcc.ptr<f16>, tensor<64x64xi32> -> tensor<64x64xf16>
      %next = linalg.matmul ins(%a, %a : tensor<64x64xf16>, tensor<64x64xf16>) outs(%acc : tensor<64x64xf32>) -> tensor<64x64xf32>
      scf.yield %next : tensor<64x64xf32>
    }
    kcc.store %sum, %y[%o] : tensor<64x64xf32>, !kcc.ptr<f32>, tensor<64x64xi32>
    gpu.return
  }

  // A sort and a reversal leave their tile where it is, a gather gives one in the layout of the indices, halves are told
  // apart by a register.
  // CHECK-LABEL: gpu.func @moves
  // CHECK:         %[[X:.*]] = kcc.load {{.*}} -> tensor<256xf32, #[[L:.*]]>
  // CHECK:         kcc.sort %[[X]] {{.*}}
  // CHECK:         } : tensor<256xf32, #[[L]]> -> tensor<256xf32, #[[L]]>
  // CHECK:         kcc.flip {{.*}} : tensor<256xf32, #[[L]]>
  // CHECK:         kcc.gather {{.*}} : tensor<256xf32, #[[L]]>, tensor<64xi32, #[[S:.*]]> -> tensor<64xf32, #[[S]]>
  // CHECK:         kcc.join {{.*}} : tensor<256xf32, #[[L]]> -> tensor<256x2xf32, #[[J:.*]]>
  // CHECK:         kcc.split {{.*}} : tensor<256x2xf32, #[[J]]> -> tensor<256xf32, #[[L]]>
  // CHECK:         kcc.histogram {{.*}} : tensor<256xi32, #[[L]]> -> tensor<64xi32, #[[S]]>
  gpu.func @moves(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, %y: !kcc.ptr<i32>) kernel
      attributes {kcc.num_warps = 2 : i32} {
    %i = kcc.arange : tensor<256xi32>
    %k = kcc.arange : tensor<64xi32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<256xi32> -> tensor<256xf32>
    %s = kcc.sort %v attributes {axis = 0 : i64} {
    ^bb0(%a: f32, %b: f32):
      %less = arith.cmpf olt, %a, %b : f32
      kcc.yield %less : i1
    } : tensor<256xf32> -> tensor<256xf32>
    %f = kcc.flip %s axis 0 : tensor<256xf32>
    %g = kcc.gather %f[%k] axis 0 : tensor<256xf32>, tensor<64xi32> -> tensor<64xf32>
    kcc.store %g, %x[%k] : tensor<64xf32>, !kcc.ptr<f32>, tensor<64xi32>
    %j = kcc.join %f, %s : tensor<256xf32> -> tensor<256x2xf32>
    %p, %q = kcc.split %j : tensor<256x2xf32> -> tensor<256xf32>
    %n = arith.fptosi %q : tensor<256xf32> to tensor<256xi32>
    %h = kcc.histogram %n : tensor<256xi32> -> tensor<64xi32>
    kcc.store %h, %y[%k] : tensor<64xi32>, !kcc.ptr<i32>, tensor<64xi32>
    kcc.store %p, %x[%i] : tensor<256xf32>, !kcc.ptr<f32>, tensor<256xi32>
    gpu.return
  }

  // Rows that a coalesced load spreads over warps are sorted by one warp each.
  // CHECK-LABEL: gpu.func @rows
  // CHECK:         kcc.load {{.*}} -> tensor<4x512xf32, #[[L:.*]]>
  // CHECK:         kcc.convert_layout {{.*}} : tensor<4x512xf32, #[[L]]> -> tensor<4x512xf32, {{.*}}warp = {{\[}}[1, 0], [2, 0]]
  // CHECK:         kcc.sort
  gpu.func @rows(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}) kernel attributes {kcc.num_warps = 4 : i32} {
    %n = kcc.arange : tensor<2048xi32>
    %i = kcc.reshape %n : tensor<2048xi32> -> tensor<4x512xi32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<4x512xi32> -> tensor<4x512xf32>
    %s = kcc.sort %v attributes {axis = 1 : i64} {
    ^bb0(%a: f32, %b: f32):
      %less = arith.cmpf olt, %a, %b : f32
      kcc.yield %less : i1
    } : tensor<4x512xf32> -> tensor<4x512xf32>
    kcc.store %s, %x[%i] : tensor<4x512xf32>, !kcc.ptr<f32>, tensor<4x512xi32>
    gpu.return
  }
}
