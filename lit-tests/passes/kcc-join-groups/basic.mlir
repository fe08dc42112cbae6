// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --split-input-file --kcc-join-groups %s | FileCheck %s

// A group of one thread, and two instances of a group with barriers and scratch of their own.
// CHECK-LABEL: gpu.func @f(
// CHECK-SAME:    kernel attributes {kcc.num_warps = 12 : i32, kcc.shared_bytes = 204928 : i64, known_block_size = array<i32: 384, 1, 1>}
// CHECK-NEXT:    %[[C:.*]] = kcc.channel producers 1 consumers 8 {kcc.barriers_offset = 196608 : i64, kcc.shared_offset = 0 : i64} : !kcc.channel<4,
// CHECK:         %[[WARP:.*]], %{{.*}} = gpu.shuffle idx %{{.*}}
// CHECK:         %[[COPIES:.*]] = arith.cmpi ult, %[[WARP]], %c4_i32
// CHECK-NEXT:    scf.if %[[COPIES]] {
// CHECK-NEXT:      kcc.set_registers 24
// CHECK:           %[[FIRST:.*]] = arith.cmpi ult, %[[WARP]], %c1_i32
// CHECK-NEXT:      scf.if %[[FIRST]] {
// CHECK-NEXT:        %[[ONE:.*]] = kcc.elect
// CHECK-NEXT:        scf.if %[[ONE]] {
// CHECK:               kcc.put %[[C]]
// CHECK:         } else {
// CHECK-NEXT:      kcc.set_registers 240
// CHECK:           %[[OWN:.*]] = arith.subi %[[WARP]], %c4_i32
// CHECK:           %[[INSTANCE:.*]] = arith.divui %[[OWN]], %c4_i32
// CHECK:           %[[SHIFTED:.*]] = arith.subi %{{.*}}, %c128_i32
// CHECK:           arith.remui %[[SHIFTED]], %c128_i32
// CHECK:           %[[BEHIND:.*]] = arith.muli %[[INSTANCE]], %c4096_i32
// CHECK:           %[[BEGIN:.*]] = arith.addi %c196736_i32, %[[BEHIND]]
// CHECK:           llvm.getelementptr %{{.*}}[%[[BEGIN]]] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
// CHECK:           %[[BARRIER:.*]] = arith.addi %c1_i32{{.*}}, %[[INSTANCE]]
// CHECK:           kcc.group_barrier %[[BARRIER]] threads 128
// CHECK:           %[[GROUP:.*]] = arith.divui %{{.*}}, %c4_i32
// CHECK:           %[[OWN_BARRIER:.*]] = arith.addi %[[GROUP]], %c3_i32
// CHECK:           kcc.group_barrier %[[OWN_BARRIER]] threads 128
// CHECK:           kcc.release %[[C]]
// CHECK-NOT:     gpu.func
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  gpu.func @f(%p: !llvm.ptr<1>) kernel attributes {kcc.num_warps = 1 : i32, kcc.shared_bytes = 204928 : i64} {
    %c = kcc.channel producers 1 consumers 8 {kcc.barriers_offset = 196608 : i64, kcc.shared_offset = 0 : i64} : !ring
    kcc.start @copy(%p, %c) warps 4 registers 24 {kcc.scratch_offset = 196736 : i64} : !llvm.ptr<1>, !ring
    kcc.start @compute(%p, %c) warps 4 instances 2 registers 240 {kcc.scratch_offset = 196736 : i64} : !llvm.ptr<1>, !ring
    gpu.return
  }
  gpu.func @copy(%p: !llvm.ptr<1>, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %n = arith.constant 0 : i32
    %x, %y = kcc.acquire %c[%n] : !ring -> !a, !b
    kcc.put %c[%n] : !ring
    gpu.return
  }
  gpu.func @compute(%p: !llvm.ptr<1>, %c: !ring, %instance: i32) attributes {kcc.group, kcc.num_warps = 4 : i32, kcc.shared_bytes = 4096 : i64} {
    %t = gpu.thread_id x
    %base = kcc.shared_base : !llvm.ptr<3>
    %v = arith.index_cast %t : index to i32
    llvm.store %v, %base : i32, !llvm.ptr<3>
    gpu.barrier
    kcc.warp_group_barrier
    kcc.release %c[%instance] : !ring
    gpu.return
  }
}
