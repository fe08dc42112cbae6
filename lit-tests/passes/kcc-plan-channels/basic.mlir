// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-plan-channels %s | FileCheck %s

// Five slots of 48 KB do not fit, and with the scratch of two instances four do: one is given up, in the group's function too.
// CHECK-LABEL: gpu.func @shrinks
// CHECK-SAME:    kcc.shared_bytes = 204864 : i64
// CHECK:         %[[C:.*]] = kcc.channel producers 1 consumers 4 {kcc.barriers_offset = 204800 : i64, kcc.shared_offset = 0 : i64} : !kcc.channel<4,
// CHECK-NEXT:    kcc.start @g(%[[C]]) warps 4 instances 2 {kcc.scratch_offset = 196608 : i64} : !kcc.channel<4,
// CHECK-LABEL: gpu.func @g(
// CHECK-SAME:    !kcc.channel<4,
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<5, [!a, !b]>
gpu.module @m {
  gpu.func @shrinks() kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 4 : !ring
    kcc.start @g(%c) warps 4 instances 2 : !ring
    gpu.return
  }
  gpu.func @g(%c: !ring, %i: i32) attributes {kcc.group, kcc.num_warps = 4 : i32, kcc.shared_bytes = 4096 : i64} {
    gpu.return
  }
}
