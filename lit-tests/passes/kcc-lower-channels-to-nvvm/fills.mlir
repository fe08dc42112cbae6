// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-channels-to-nvvm %s | kcc-opt --canonicalize --cse | FileCheck %s
// Threads write a vector each into a slot, fence, and a lane of each warp arrives when all have come.

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!ring = !kcc.channel<2, [!a]>
gpu.module @m {
  // CHECK-LABEL: gpu.func @fill(
  // CHECK-SAME:    %[[V:.*]]: vector<8xf16>, %[[BYTE:.*]]: i32)
  // CHECK:         mbarrier.init
  // CHECK:         mbarrier.try_wait
  // CHECK:         %[[AT:.*]] = arith.addi %{{.*}}, %[[BYTE]] : i32
  // CHECK:         %[[POINTER:.*]] = llvm.inttoptr %[[AT]] : i32 to !llvm.ptr<3>
  // CHECK-NEXT:    llvm.store %[[V]], %[[POINTER]] {alignment = 16 : i64} : vector<8xf16>, !llvm.ptr<3>
  // CHECK-NEXT:    llvm.inline_asm has_side_effects "fence.proxy.async.shared::cta;"
  // CHECK:         nvvm.bar.warp.sync %c-1_i32
  // CHECK-NEXT:    llvm.inline_asm has_side_effects "@$1 mbarrier.arrive.shared::cta.b64 _, [$0];"
  gpu.func @fill(%v: vector<8xf16>, %byte: i32) kernel
      attributes {kcc.shared_bytes = 16416 : i64, known_block_size = array<i32: 256, 1, 1>} {
    %n = arith.constant 0 : i32
    %c = kcc.channel producers 8 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 16384 : i64} : !ring
    %a = kcc.acquire %c[%n] : !ring -> !a
    kcc.store_buffer %v, %a[%byte] : vector<8xf16>, !a
    kcc.fence_async
    kcc.put %c[%n] : !ring
    gpu.return
  }
}
