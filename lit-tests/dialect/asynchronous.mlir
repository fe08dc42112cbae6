// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt %s | kcc-opt | FileCheck %s
// The operations of the asynchronous level are read and printed.

!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!bt = !kcc.buffer<256x64xf16, swizzle = 128, contiguous = 0>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // CHECK: gpu.func @kernel(%[[MAP:.*]]: !kcc.tensor_map) kernel
  gpu.func @kernel(%map: !kcc.tensor_map) kernel {
    // CHECK: %[[C:.*]] = kcc.channel producers 1 consumers 8 : !kcc.channel<4, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x256xf16, swizzle = 128>]>
    %c = kcc.channel producers 1 consumers 8 : !ring
    // CHECK: kcc.start @load(%[[MAP]], %[[C]]) warps 4 registers 24 : !kcc.tensor_map, !kcc.channel<
    kcc.start @load(%map, %c) warps 4 registers 24 : !kcc.tensor_map, !ring
    // CHECK: kcc.start @compute(%[[C]]) warps 4 instances 2 registers 240 : !kcc.channel<
    kcc.start @compute(%c) warps 4 instances 2 registers 240 : !ring
    gpu.return
  }
  // CHECK: gpu.func @load
  gpu.func @load(%map: !kcc.tensor_map, %c: !ring) attributes {kcc.one_thread, kcc.num_warps = 1 : i32} {
    %n = arith.constant 0 : i32
    // CHECK: %[[S:.*]]:2 = kcc.acquire %{{.*}}[%{{.*}}] : !kcc.channel<{{.*}} -> !kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x256xf16, swizzle = 128>
    %a, %b = kcc.acquire %c[%n] : !ring -> !a, !b
    // CHECK: kcc.copy_tile %{{.*}}[%{{.*}}, %{{.*}}] to %[[S]]#0 on %{{.*}}[%{{.*}}] : !kcc.buffer<128x64xf16, swizzle = 128>, !kcc.channel<
    kcc.copy_tile %map[%n, %n] to %a on %c[%n] : !a, !ring
    %yes = arith.constant true
    // CHECK: kcc.copy_tile %{{.*}}[%{{.*}}, %{{.*}}] to %[[S]]#1 on %{{.*}}[%{{.*}}] streamed %{{.*}} : !kcc.buffer<64x256xf16, swizzle = 128>, !kcc.channel<
    kcc.copy_tile %map[%n, %n] to %b on %c[%n] streamed %yes : !b, !ring
    // CHECK: kcc.put %{{.*}}[%{{.*}}] : !kcc.channel<
    kcc.put %c[%n] : !ring
    gpu.return
  }
  // CHECK: gpu.func @compute
  gpu.func @compute(%c: !ring, %instance: i32) attributes {kcc.num_warps = 4 : i32} {
    %n = arith.constant 0 : i32
    %zero = arith.constant dense<0.0> : tensor<128x256xf32>
    // CHECK: kcc.get
    %a, %b = kcc.get %c[%n] : !ring -> !a, !b
    // CHECK: kcc.transpose_buffer %{{.*}} : !kcc.buffer<64x256xf16, swizzle = 128> -> !kcc.buffer<256x64xf16, swizzle = 128, contiguous = 0>
    %t = kcc.transpose_buffer %b : !b -> !bt
    // CHECK: kcc.async_matmul %{{.*}}, %{{.*}}, %{{.*}} : !kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x256xf16, swizzle = 128>, tensor<128x256xf32>
    %d = kcc.async_matmul %a, %b, %zero : !a, !b, tensor<128x256xf32>
    // CHECK: kcc.mma_wait 0 %{{.*}} : tensor<128x256xf32> -> tensor<128x256xf32>
    %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
    %yes = arith.constant true
    // CHECK: kcc.release %{{.*}}[%{{.*}}] if %{{.*}} : !kcc.channel<
    kcc.release %c[%n] if %yes : !ring
    gpu.return
  }
  // CHECK: gpu.func @fragments
  gpu.func @fragments(%a: !a, %b: !b, %x: f32, %row: i32) {
    // CHECK: kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%{{.*}} : !kcc.buffer<128x64xf16, swizzle = 128>) row %{{.*}} b(%{{.*}} : !kcc.buffer<64x256xf16, swizzle = 128>) column 8 c(%{{.*}} : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) row %row b(%b : !b) column 8
        c(%x, %x, %x, %x : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    // CHECK: kcc.mma_wait 0 %{{.*}}, %{{.*}} : f32, f32 -> f32, f32
    %e:2 = kcc.mma_wait 0 %d#0, %d#1 : f32, f32 -> f32, f32
    // CHECK: kcc.group_barrier %{{.*}} threads 128
    kcc.group_barrier %row threads 128
    // CHECK: kcc.warp_group_barrier
    kcc.warp_group_barrier
    // CHECK: kcc.set_registers 24
    kcc.set_registers 24
    // CHECK: kcc.elect
    %one = kcc.elect
    gpu.return
  }
  // CHECK: gpu.func @out(%[[TILE:.*]]: tensor<128x256xf16>, %[[BOX:.*]]: !llvm.ptr<3>, %[[MAP:.*]]: !kcc.tensor_map, %[[R:.*]]: i32)
  gpu.func @out(%tile: tensor<128x256xf16>, %box: !llvm.ptr<3>, %map: !kcc.tensor_map, %r: i32) {
    // CHECK: kcc.copy_out %[[TILE]] to %[[MAP]][%[[R]], %[[R]]] : tensor<128x256xf16>
    kcc.copy_out %tile to %map[%r, %r] : tensor<128x256xf16>
    // CHECK: kcc.bulk_wait 1
    kcc.bulk_wait 1
    // CHECK: kcc.fence_async
    kcc.fence_async
    // CHECK: kcc.bulk_store %[[BOX]] to %[[MAP]][%[[R]], %[[R]]] : !llvm.ptr<3>
    kcc.bulk_store %box to %map[%r, %r] : !llvm.ptr<3>
    gpu.return
  }
}
