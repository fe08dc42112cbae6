// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-assign-layouts --kcc-allocate-shared %s | FileCheck %s

gpu.module @m {
  // A lane writes 16 bytes of f32, so it holds 4 neighbours, although it could read 8 of bf16.
  // CHECK-LABEL: gpu.func @mixed
  // CHECK:         kcc.load {{.*}} -> tensor<1024xbf16, #kcc.layout<rank = 1, register = {{\[\[}}1], [2], [512]], lane = {{\[\[}}4], [8]
  gpu.func @mixed(%x: !kcc.ptr<bf16> {kcc.divisibility = 16 : i64}, %y: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}) kernel
      attributes {kcc.num_warps = 4 : i32} {
    %i = kcc.arange : tensor<1024xi32>
    %a = kcc.load %x[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %b = arith.extf %a : tensor<1024xbf16> to tensor<1024xf32>
    kcc.store %b, %y[%i] : tensor<1024xf32>, !kcc.ptr<f32>, tensor<1024xi32>
    gpu.return
  }

  // The bias is loaded where the rows need it: no conversion, no shared memory.
  // CHECK-LABEL: gpu.func @bias
  // CHECK-SAME:    kcc.shared_bytes = 0 : i64
  // CHECK-NOT:     kcc.convert_layout
  // CHECK:         gpu.return
  gpu.func @bias(%x: !kcc.ptr<bf16> {kcc.divisibility = 16 : i64}, %b: !kcc.ptr<bf16> {kcc.divisibility = 16 : i64}) kernel
      attributes {kcc.num_warps = 2 : i32} {
    %k = kcc.arange : tensor<4xi32>
    %rows = arith.constant dense<256> : tensor<4xi32>
    %kn = arith.muli %k, %rows : tensor<4xi32>
    %r1 = kcc.reshape %kn : tensor<4xi32> -> tensor<4x1xi32>
    %r2 = kcc.broadcast %r1 : tensor<4x1xi32> -> tensor<4x256xi32>
    %i = kcc.arange : tensor<256xi32>
    %c1 = kcc.reshape %i : tensor<256xi32> -> tensor<1x256xi32>
    %c2 = kcc.broadcast %c1 : tensor<1x256xi32> -> tensor<4x256xi32>
    %o = arith.addi %r2, %c2 : tensor<4x256xi32>
    %bias = kcc.load %b[%i] : !kcc.ptr<bf16>, tensor<256xi32> -> tensor<256xbf16>
    %v = kcc.load %x[%o] : !kcc.ptr<bf16>, tensor<4x256xi32> -> tensor<4x256xbf16>
    %b1 = kcc.reshape %bias : tensor<256xbf16> -> tensor<1x256xbf16>
    %b2 = kcc.broadcast %b1 : tensor<1x256xbf16> -> tensor<4x256xbf16>
    %s = arith.addf %v, %b2 : tensor<4x256xbf16>
    kcc.store %s, %x[%o] : tensor<4x256xbf16>, !kcc.ptr<bf16>, tensor<4x256xi32>
    gpu.return
  }
}
