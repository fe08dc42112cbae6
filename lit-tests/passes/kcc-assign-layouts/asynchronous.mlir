// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-assign-layouts %s | FileCheck %s
// Two warp groups share an accumulator row by row; what they store moves within warps until each lane has 16 bytes.

// CHECK-LABEL: gpu.func @f
// CHECK:         %[[D:.*]] = kcc.async_matmul %{{.*}}, %{{.*}}, %{{.*}} {kcc.instruction = "wgmma.m64n256k16.f32.f16"}
// CHECK-SAME:      tensor<128x256xf32, #[[ACC:.*kcc.layout<rank = 2, register = \[\[0, 1\], \[8, 0\], \[0, 8\], \[0, 16\], \[0, 32\], \[0, 64\], \[0, 128\]\], lane = \[\[0, 2\], \[0, 4\], \[1, 0\], \[2, 0\], \[4, 0\]\], warp = \[\[16, 0\], \[32, 0\], \[64, 0\]\], block = \[\]>]]>
// CHECK-NEXT:    kcc.mma_wait 0 %[[D]]
// CHECK:         kcc.convert_layout {{.*}} -> tensor<128x256xf16, #kcc.layout<rank = 2, register = {{\[\[}}0, 1], [8, 0], [0, 2], [0, 4], [0, 32], [0, 64], [0, 128]], lane = {{\[\[}}0, 8], [0, 16], [1, 0], [2, 0], [4, 0]], warp = {{\[\[}}16, 0], [32, 0], [64, 0]], block = []>>
// CHECK:         kcc.store
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%p: !kcc.ptr<f16> {kcc.divisibility = 16 : i64}, %a: !a, %b: !b) attributes {kcc.num_warps = 8 : i32} {
    %zero = arith.constant dense<0.0> : tensor<128x256xf32>
    %d = kcc.async_matmul %a, %b, %zero : !a, !b, tensor<128x256xf32>
    %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
    %y = arith.truncf %e : tensor<128x256xf32> to tensor<128x256xf16>
    %r = kcc.arange : tensor<128xi32>
    %c = kcc.arange : tensor<256xi32>
    %pitch = arith.constant dense<256> : tensor<128x1xi32>
    %r1 = kcc.reshape %r : tensor<128xi32> -> tensor<128x1xi32>
    %rp = arith.muli %r1, %pitch : tensor<128x1xi32>
    %r2 = kcc.broadcast %rp : tensor<128x1xi32> -> tensor<128x256xi32>
    %c1 = kcc.reshape %c : tensor<256xi32> -> tensor<1x256xi32>
    %c2 = kcc.broadcast %c1 : tensor<1x256xi32> -> tensor<128x256xi32>
    %o = arith.addi %r2, %c2 : tensor<128x256xi32>
    kcc.store %y, %p[%o] : tensor<128x256xf16>, !kcc.ptr<f16>, tensor<128x256xi32>
    gpu.return
  }
}

// What the copy engine writes stays where it is; a tile that lies otherwise is held as accumulators are.
// CHECK-LABEL: gpu.func @out
// CHECK:         %[[Y:.*]] = arith.truncf
// CHECK:         kcc.copy_out %[[Y]] to
// CHECK:         %[[X:.*]] = kcc.load
// CHECK:         %[[MOVED:.*]] = kcc.convert_layout %[[X]] : {{.*}} -> tensor<128x256xf16, #[[ACC]]>
// CHECK:         kcc.copy_out %[[MOVED]] to
gpu.module @n {
  gpu.func @out(%p: !kcc.ptr<f16> {kcc.divisibility = 16 : i64}, %a: !a, %b: !b, %map: !kcc.tensor_map) attributes {kcc.num_warps = 8 : i32} {
    %zero = arith.constant dense<0.0> : tensor<128x256xf32>
    %at = arith.constant 0 : i32
    %d = kcc.async_matmul %a, %b, %zero : !a, !b, tensor<128x256xf32>
    %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
    %y = arith.truncf %e : tensor<128x256xf32> to tensor<128x256xf16>
    kcc.copy_out %y to %map[%at, %at] : tensor<128x256xf16>
    %c = kcc.arange : tensor<256xi32>
    %c1 = kcc.reshape %c : tensor<256xi32> -> tensor<1x256xi32>
    %o = kcc.broadcast %c1 : tensor<1x256xi32> -> tensor<128x256xi32>
    %x = kcc.load %p[%o] : !kcc.ptr<f16>, tensor<128x256xi32> -> tensor<128x256xf16>
    kcc.copy_out %x to %map[%at, %at] : tensor<128x256xf16>
    gpu.return
  }
}

// What accumulators meet element by element is loaded as they lie: four lanes have 16 bytes side by side, and nothing is moved.
// Single bytes would be loaded one by one.
// CHECK-LABEL: gpu.func @residual
// CHECK:         kcc.load {{.*}} -> tensor<128x256xf16, #[[ACC]]>
// CHECK-NOT:     kcc.convert_layout
// CHECK:         arith.addf
// CHECK-LABEL: gpu.func @bytes
// CHECK:         %[[B:.*]] = arith.extsi {{.*}} : tensor<128x256xi8, #[[BYTES:.*]]> to tensor<128x256xi32, #[[BYTES]]>
// CHECK:         kcc.convert_layout {{.*}} -> tensor<128x256xf32, #[[ACC]]>
gpu.module @residuals {
  gpu.func @residual(%p: !kcc.ptr<f16> {kcc.divisibility = 16 : i64}, %a: !a, %b: !b, %map: !kcc.tensor_map) attributes {kcc.num_warps = 8 : i32} {
    %zero = arith.constant dense<0.0> : tensor<128x256xf32>
    %at = arith.constant 0 : i32
    %d = kcc.async_matmul %a, %b, %zero : !a, !b, tensor<128x256xf32>
    %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
    %c = kcc.arange : tensor<256xi32>
    %c1 = kcc.reshape %c : tensor<256xi32> -> tensor<1x256xi32>
    %o = kcc.broadcast %c1 : tensor<1x256xi32> -> tensor<128x256xi32>
    %x = kcc.load %p[%o] : !kcc.ptr<f16>, tensor<128x256xi32> -> tensor<128x256xf16>
    %w = arith.extf %x : tensor<128x256xf16> to tensor<128x256xf32>
    %s = arith.addf %e, %w : tensor<128x256xf32>
    %y = arith.truncf %s : tensor<128x256xf32> to tensor<128x256xf16>
    kcc.copy_out %y to %map[%at, %at] : tensor<128x256xf16>
    gpu.return
  }
  gpu.func @bytes(%p: !kcc.ptr<i8> {kcc.divisibility = 16 : i64}, %a: !a, %b: !b, %map: !kcc.tensor_map) attributes {kcc.num_warps = 8 : i32} {
    %zero = arith.constant dense<0.0> : tensor<128x256xf32>
    %at = arith.constant 0 : i32
    %d = kcc.async_matmul %a, %b, %zero : !a, !b, tensor<128x256xf32>
    %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
    %c = kcc.arange : tensor<256xi32>
    %c1 = kcc.reshape %c : tensor<256xi32> -> tensor<1x256xi32>
    %o = kcc.broadcast %c1 : tensor<1x256xi32> -> tensor<128x256xi32>
    %x = kcc.load %p[%o] : !kcc.ptr<i8>, tensor<128x256xi32> -> tensor<128x256xi8>
    %n = arith.extsi %x : tensor<128x256xi8> to tensor<128x256xi32>
    %w = arith.sitofp %n : tensor<128x256xi32> to tensor<128x256xf32>
    %s = arith.addf %e, %w : tensor<128x256xf32>
    %y = arith.truncf %s : tensor<128x256xf32> to tensor<128x256xf16>
    kcc.copy_out %y to %map[%at, %at] : tensor<128x256xf16>
    gpu.return
  }
}
