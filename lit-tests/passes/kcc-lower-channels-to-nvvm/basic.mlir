// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-channels-to-nvvm %s | kcc-opt --canonicalize --cse | FileCheck %s

!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x128xf16, swizzle = 128>
!bt = !kcc.buffer<128x64xf16, swizzle = 128, contiguous = 0>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // CHECK-LABEL: gpu.func @ring
  // CHECK-SAME:    (%[[A:.*]]: !llvm.ptr {kcc.box = array<i64: 128, 64>, kcc.kind = "tensor_map", kcc.of = "A", kcc.swizzle = 128 : i64},
  // CHECK-SAME:     %[[B:.*]]: !llvm.ptr {
  // CHECK-SAME:     %[[N:[^:]*]]: i32, %[[ROW:[^:]*]]: i32, %[[K:[^:]*]]: i32, %[[IF:.*]]: i1)
  gpu.func @ring(%a_map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 128, 64>, kcc.swizzle = 128 : i64},
      %b_map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "B", kcc.box = array<i64: 1, 64, 64>, kcc.swizzle = 128 : i64},
      %n: i32, %row: i32, %k: i32, %if: i1) kernel attributes {kcc.shared_bytes = 132224 : i64, known_block_size = array<i32: 256, 1, 1>} {
    // Lane 0 of each warp.
    // CHECK:       %[[LANE:.*]] = arith.remui %{{.*}}, %c32_i32 : i32
    // CHECK:       %[[LEADS:.*]] = arith.cmpi eq, %[[LANE]], %c0_i32
    // CHECK:       %[[BASE:.*]] = kcc.shared_base
    // CHECK:       %[[BASEI:.*]] = llvm.ptrtoint %[[BASE]] : !llvm.ptr<3> to i32
    // CHECK:       %[[SLOTS:.*]] = arith.addi %[[BASEI]], %c1024_i32
    // CHECK:       %[[FULL:.*]] = arith.addi %[[BASEI]], %c132096_i32
    // Thread 0 makes two barriers for each of four slots.
    // CHECK:       scf.if
    // CHECK-NEXT:    llvm.inline_asm has_side_effects "prefetch.tensormap [$0];", "l,~{memory}" %[[A]]
    // CHECK-NEXT:    llvm.inline_asm has_side_effects "prefetch.tensormap [$0];", "l,~{memory}" %[[B]]
    // CHECK:         llvm.inline_asm has_side_effects "mbarrier.init.shared::cta.b64 [$0], $1;", "r,r,~{memory}" %[[FULL]], %[[ONE:.*]] :
    // CHECK:         %[[FREE0:.*]] = arith.addi %[[BASEI]], %c132104_i32
    // CHECK:         llvm.inline_asm has_side_effects "mbarrier.init.shared::cta.b64 [$0], $1;", "r,r,~{memory}" %[[FREE0]], %[[CONSUMERS:.*]] :
    // CHECK-COUNT-6: mbarrier.init
    // CHECK-NEXT:    llvm.inline_asm has_side_effects "fence.mbarrier_init.release.cluster; fence.proxy.async.shared::cta;", "~{memory}"
    // CHECK-NEXT:  }
    // CHECK-NEXT:  gpu.barrier
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 1024 : i64, kcc.barriers_offset = 132096 : i64} : !ring
    // Acquiring waits for the other parity of the barrier 8 bytes behind the first of the slot.
    // CHECK:       %[[SLOT:.*]] = arith.remui %[[N]], %c4_i32
    // CHECK:       %[[PLACE:.*]] = arith.muli %[[SLOT]], %c16_i32
    // CHECK:       %[[FILLED:.*]] = arith.addi %[[FULL]], %[[PLACE]]
    // CHECK:       %[[FREE:.*]] = arith.addi %[[FILLED]], %c8_i32
    // CHECK:       %[[ROUND:.*]] = arith.divui %[[N]], %c4_i32
    // CHECK:       %[[PARITY:.*]] = arith.andi %[[ROUND]], %c1_i32
    // CHECK:       %[[OTHER:.*]] = arith.xori %[[PARITY]], %c1_i32
    // CHECK:       mbarrier.try_wait.parity.shared::cta.b64 complete, [$0], $1, {{.*}}"r,r,~{memory}" %[[FREE]], %[[OTHER]]
    // CHECK:       %[[MOVED:.*]] = arith.muli %[[SLOT]], %c32768_i32
    // CHECK:       %[[ABUF:.*]] = arith.addi %[[SLOTS]], %[[MOVED]]
    // CHECK:       %[[BBUF:.*]] = arith.addi %[[ABUF]], %c16384_i32
    %a, %b = kcc.acquire %c[%n] : !ring -> !a, !b
    // The dimension along which neighbours are neighbours in memory comes first.
    // CHECK:       llvm.inline_asm has_side_effects "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [$0], [$1, {$3, $4}], [$2];", "r,l,r,r,r,~{memory}"
    // CHECK-SAME:      %[[ABUF]], %[[A]], %[[FILLED]], %[[K]], %[[ROW]] :
    kcc.copy_tile %a_map[%row, %k] to %a on %c[%n] : !a, !ring
    // Rows of 256 bytes come in two pieces of 64 elements, 64 rows of 128 bytes behind each other.
    // CHECK:       "cp.async.bulk.tensor.3d.shared::cluster.global.mbarrier::complete_tx::bytes [$0], [$1, {$3, $4, $5}], [$2];"
    // CHECK-SAME:      %[[BBUF]], %[[B]], %[[FILLED]], %[[K]], %[[ROW]], %[[N]] :
    // CHECK:       %[[PIECE:.*]] = arith.addi %[[ABUF]], %c24576_i32
    // CHECK:       %[[RIGHT:.*]] = arith.addi %[[K]], %c64_i32
    // CHECK:       "cp.async.bulk.tensor.3d
    // CHECK-SAME:      %[[PIECE]], %[[B]], %[[FILLED]], %[[RIGHT]], %[[ROW]], %[[N]] :
    kcc.copy_tile %b_map[%n, %row, %k] to %b on %c[%n] : !b, !ring
    // CHECK:       llvm.inline_asm has_side_effects "mbarrier.arrive.expect_tx.shared::cta.b64 _, [$0], $1;", "r,r,~{memory}" %[[FILLED]],
    kcc.put %c[%n] : !ring
    // CHECK:       mbarrier.try_wait.parity.shared::cta.b64 complete, [$0], $1, {{.*}}"r,r,~{memory}" %[[FILLED]], %[[PARITY]]
    %x, %y = kcc.get %c[%n] : !ring -> !a, !b
    // Another view of a buffer is the same address.
    %t = kcc.transpose_buffer %y : !b -> !bt
    // CHECK:       %[[X:.*]] = builtin.unrealized_conversion_cast %[[ABUF]] : i32 to !kcc.buffer<128x64xf16, swizzle = 128>
    // CHECK:       %[[T:.*]] = builtin.unrealized_conversion_cast %[[BBUF]] : i32 to !kcc.buffer<128x64xf16, swizzle = 128, contiguous = 0>
    // CHECK:       kcc.async_mma {{.*}} a(%[[X]] : {{.*}} b(%[[T]] :
    %zero = arith.constant 0.0 : f32
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%x : !a) row %row b(%t : !bt) column 0 c(%zero, %zero, %zero, %zero : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    // CHECK:       %[[ARRIVES:.*]] = arith.andi %[[IF]], %[[LEADS]]
    // CHECK:       llvm.inline_asm has_side_effects "@$1 mbarrier.arrive.shared::cta.b64 _, [$0];", "r,b,~{memory}" %[[FREE]], %[[ARRIVES]]
    kcc.release %c[%n] if %if : !ring
    // CHECK:       "@$1 mbarrier.arrive.shared::cta.b64 _, [$0];", "r,b,~{memory}" %[[FREE]], %[[LEADS]]
    kcc.release %c[%n] : !ring
    // CHECK-NOT:   kcc.channel
    gpu.return
  }

  // Without copies nothing is announced.
  // CHECK-LABEL: gpu.func @turns
  // CHECK:         nvvm.bar.warp.sync %c-1_i32
  // CHECK-NEXT:  llvm.inline_asm has_side_effects "@$1 mbarrier.arrive.shared::cta.b64 _, [$0];", "r,b,~{memory}"
  gpu.func @turns(%n: i32) kernel attributes {kcc.shared_bytes = 2080 : i64, known_block_size = array<i32: 128, 1, 1>} {
    %c = kcc.channel producers 2 consumers 1 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 2048 : i64} : !kcc.channel<2, [!kcc.buffer<32xf32, swizzle = 0>]>
    %a = kcc.acquire %c[%n] : !kcc.channel<2, [!kcc.buffer<32xf32, swizzle = 0>]> -> !kcc.buffer<32xf32, swizzle = 0>
    kcc.put %c[%n] : !kcc.channel<2, [!kcc.buffer<32xf32, swizzle = 0>]>
    gpu.return
  }
}
