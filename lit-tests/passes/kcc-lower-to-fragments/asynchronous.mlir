// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-to-fragments --canonicalize --cse %s | FileCheck %s
// A tile of 256 x 16 over two warp groups: each begins two instructions, 64 rows apart, and waits for both at once.

// CHECK-LABEL: gpu.func @f(
// CHECK:         %[[ROW:.*]], %{{.*}} = gpu.shuffle idx %{{.*}}, %c0_i32, %c32_i32
// CHECK:         %[[D:.*]]:8 = kcc.async_mma "wgmma.m64n16k16.f32.f16" a(%{{.*}}) row %[[ROW]] b(%{{.*}}) column 0 c({{.*}}) {begins} ->
// CHECK:         %[[NEXT:.*]] = arith.addi %[[ROW]], %c64_i32
// CHECK:         %[[E:.*]]:8 = kcc.async_mma "wgmma.m64n16k16.f32.f16" a(%{{.*}}) row %[[NEXT]] b(%{{.*}}) column 0 c({{.*}}) {commits} ->
// CHECK:         %{{.*}}:16 = kcc.mma_wait 0 %[[D]]#0, {{.*}}, %[[E]]#7
#acc = #kcc.layout<rank = 2, register = [[0, 1], [8, 0], [0, 8], [64, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0], [128, 0]], block = []>
!a = !kcc.buffer<256x64xf16, swizzle = 128>
!b = !kcc.buffer<64x16xf16, swizzle = 32>
!c = !kcc.buffer<256x128xf8E4M3FN, swizzle = 128>
!d = !kcc.buffer<128x16xf8E4M3FN, swizzle = 128, contiguous = 0>
gpu.module @m {
  gpu.func @f(%a: !a, %b: !b, %p: !kcc.ptr<f32>) attributes {kcc.num_warps = 8 : i32} {
    %zero = arith.constant dense<0.0> : tensor<256x16xf32, #acc>
    %o = arith.constant dense<0> : tensor<256x16xi32, #acc>
    %d = kcc.async_matmul %a, %b, %zero {kcc.instruction = "wgmma.m64n16k16.f32.f16"} : !a, !b, tensor<256x16xf32, #acc>
    %e = kcc.mma_wait 0 %d : tensor<256x16xf32, #acc> -> tensor<256x16xf32, #acc>
    kcc.store %e, %p[%o] : tensor<256x16xf32, #acc>, !kcc.ptr<f32>, tensor<256x16xi32, #acc>
    gpu.return
  }

  // Sums of the matrix unit that are too coarse: each instruction begins from nothing, is waited for, and added.
  // CHECK-LABEL: gpu.func @pieces(
  // CHECK-SAME:    %[[C:[a-z0-9]*]]: f32)
  // CHECK:         %[[D:.*]]:8 = kcc.async_mma "wgmma.m64n16k32.f32.f8e4m3" a(%{{.*}}) row %{{.*}} b(%{{.*}}) column 0 c(%[[ZERO:.*]], {{.*}}) {begins, commits} ->
  // CHECK-NEXT:    %[[S:.*]]:8 = kcc.mma_wait 0 %[[D]]#0,
  // CHECK-NEXT:    arith.addf %[[C]], %[[S]]#0
  // CHECK:         %[[E:.*]]:8 = kcc.async_mma "wgmma.m64n16k32.f32.f8e4m3" a(%{{.*}}) row %{{.*}} b(%{{.*}}) column 0 c(%[[ZERO]], {{.*}}) {begins, commits} ->
  // CHECK-NEXT:    %[[T:.*]]:8 = kcc.mma_wait 0 %[[E]]#0,
  // CHECK-NEXT:    arith.addf %[[C]], %[[T]]#0
  gpu.func @pieces(%a: !c, %b: !d, %p: !kcc.ptr<f32>, %s: f32) attributes {kcc.num_warps = 8 : i32} {
    %acc = tensor.splat %s : tensor<256x16xf32, #acc>
    %o = arith.constant dense<0> : tensor<256x16xi32, #acc>
    %d = kcc.async_matmul %a, %b, %acc {kcc.instruction = "wgmma.m64n16k32.f32.f8e4m3", kcc.max_imprecise = 128 : i64} : !c, !d, tensor<256x16xf32, #acc>
    %e = kcc.mma_wait 0 %d : tensor<256x16xf32, #acc> -> tensor<256x16xf32, #acc>
    kcc.store %e, %p[%o] : tensor<256x16xf32, #acc>, !kcc.ptr<f32>, tensor<256x16xi32, #acc>
    gpu.return
  }
}
