// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --split-input-file --kcc-lower-to-fragments --canonicalize --cse %s | FileCheck %s
// Two boxes of each warp group take turns in the two slots of its ring: one thread waits until at most one is still read, all
// write theirs, the same thread lets the engine store it. At the end nothing is read any more.

// CHECK-LABEL: gpu.func @f
// CHECK:         %[[WARP:.*]], %{{.*}} = gpu.shuffle idx
// CHECK:         %[[LEADS:.*]] = arith.cmpi eq, %[[WARP]], %c0_i32
// CHECK-NEXT:    scf.if %[[LEADS]] {
// CHECK-NEXT:      %[[ONE:.*]] = kcc.elect
// CHECK-NEXT:      scf.if %[[ONE]] {
// CHECK-NEXT:        kcc.bulk_wait 1
// CHECK:         kcc.warp_group_barrier
// CHECK:         llvm.getelementptr %{{.*}}[1024]
// CHECK-COUNT-16: llvm.store %{{.*}}, %{{.*}} {alignment = 4 : i64} : vector<2xf16>, !llvm.ptr<3>
// CHECK-NOT:     llvm.store
// CHECK:         kcc.fence_async
// CHECK-NEXT:    kcc.warp_group_barrier
// CHECK:         %[[ROW:.*]] = arith.addi %{{.*}}, %{{.*}} : i32
// CHECK:         kcc.bulk_store %{{.*}} to %{{.*}}[%[[ROW]], %{{.*}}] : !llvm.ptr<3>
// CHECK:         kcc.bulk_wait 1
// CHECK:         kcc.warp_group_barrier
// CHECK:         llvm.getelementptr %{{.*}}[9216]
// CHECK-COUNT-16: llvm.store
// CHECK:         kcc.fence_async
// CHECK-NEXT:    kcc.warp_group_barrier
// CHECK:         kcc.bulk_store %{{.*}} to %{{.*}}[%{{.*}}, %c64_i32]
// CHECK:         kcc.bulk_wait 0
// CHECK:         gpu.return
#acc = #kcc.layout<rank = 2, register = [[0, 1], [8, 0], [0, 8], [0, 16], [0, 32], [0, 64]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0], [64, 0]], block = []>
gpu.module @m {
  gpu.func @f(%x: f16, %map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "C", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64},
      %r: i32) attributes {kcc.group, kcc.num_warps = 8 : i32, kcc.shared_bytes = 33792 : i64} {
    %zero = arith.constant 0 : i32
    %t = tensor.splat %x : tensor<128x128xf16, #acc>
    kcc.copy_out %t to %map[%r, %zero] {kcc.shared_offset = 1024 : i64, kcc.shared_size = 32768 : i64} : tensor<128x128xf16, #acc>
    gpu.return
  }
}

// -----

// A tile of one box passes through the last slot, and waits for all before it. The rows lie along dimension 0 of three.
// CHECK-LABEL: gpu.func @one
// CHECK:         kcc.bulk_wait 0
// CHECK:         kcc.warp_group_barrier
// CHECK:         llvm.getelementptr %{{.*}}[8192]
// CHECK-COUNT-32: llvm.store %{{.*}}, %{{.*}} {alignment = 4 : i64} : vector<4xi8>, !llvm.ptr<3>
// CHECK-NOT:     llvm.store
// CHECK:         kcc.bulk_store %{{.*}} to %{{.*}}[%arg2, %arg3, %c0_i32] : !llvm.ptr<3>
#rows = #kcc.layout<rank = 2, register = [[0, 1], [0, 2], [8, 0], [16, 0], [32, 0], [0, 32], [0, 64]], lane = [[0, 4], [0, 8], [0, 16], [1, 0], [2, 0]], warp = [[4, 0], [8, 0]], block = []>
gpu.module @m {
  gpu.func @one(%x: i8, %map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "C", kcc.box = array<i64: 64, 1, 128>, kcc.swizzle = 128 : i64},
      %r: i32, %b: i32) attributes {kcc.group, kcc.num_warps = 4 : i32, kcc.shared_bytes = 16384 : i64} {
    %zero = arith.constant 0 : i32
    %t = tensor.splat %x : tensor<64x128xi8, #rows>
    kcc.copy_out %t to %map[%r, %b, %zero] {kcc.shared_offset = 0 : i64, kcc.shared_size = 16384 : i64} : tensor<64x128xi8, #rows>
    gpu.return
  }
}
