// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-to-fragments --canonicalize --cse %s | FileCheck %s
// Rows that begin at any element: each vector is put together from two aligned pieces, all of which are loaded before the slot
// is waited for, and stored where the swizzle says. Rows of one thread are 32 apart, so that one misalignment serves both.

// CHECK-LABEL: gpu.func @fill(
// CHECK-SAME:    %[[P:[^:]*]]: !llvm.ptr<1>
// CHECK:         %[[NUMBER:.*]] = llvm.ptrtoint %{{.*}} : !llvm.ptr<1> to i64
// CHECK:         %[[LOW:.*]] = arith.trunci %[[NUMBER]] : i64 to i32
// CHECK:         %[[BEFORE:.*]] = arith.andi %[[LOW]], %c15_i32
// CHECK-NOT:     llvm.ptrtoint
// CHECK:         llvm.load %[[FIRST:.*]] {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xi32>
// CHECK:         kcc.load_vector %{{.*}} if %[[SPLIT:.*]] else %{{.*}} {alignment = 16 : i64} : <1> -> vector<4xi32>
// CHECK:         llvm.load %{{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xi32>
// CHECK:         kcc.load_vector %{{.*}} if %[[SPLIT]] else
// CHECK:         kcc.acquire
// CHECK-COUNT-8: llvm.intr.fshr
// CHECK:         kcc.store_buffer %{{.*}}, %[[BUFFER:.*]][%[[BYTE:.*]]] : vector<8xf16>, !kcc.buffer<64x64xf16, swizzle = 128>
// CHECK:         %[[NEXT:.*]] = arith.addi %[[BYTE]], %c4096_i32
// CHECK:         kcc.store_buffer %{{.*}}, %[[BUFFER]][%[[NEXT]]] : vector<8xf16>
// CHECK-NEXT:    kcc.fence_async
// CHECK-NEXT:    kcc.put
#l = #kcc.layout<rank = 2, register = [[0, 1], [0, 2], [0, 4], [32, 0]], lane = [[0, 8], [0, 16], [0, 32], [1, 0], [2, 0]], warp = [[4, 0], [8, 0], [16, 0]], block = []>
#r = #kcc.layout<rank = 1, register = [[32]], lane = [[0], [0], [0], [1], [2]], warp = [[4], [8], [16]], block = []>
#c = #kcc.layout<rank = 1, register = [[1], [2], [4]], lane = [[8], [16], [32], [0], [0]], warp = [[0], [0], [0]], block = []>
#r2 = #kcc.layout<rank = 2, register = [[32, 0]], lane = [[0, 0], [0, 0], [0, 0], [1, 0], [2, 0]], warp = [[4, 0], [8, 0], [16, 0]], block = []>
#c2 = #kcc.layout<rank = 2, register = [[0, 1], [0, 2], [0, 4]], lane = [[0, 8], [0, 16], [0, 32], [0, 0], [0, 0]], warp = [[0, 0], [0, 0], [0, 0]], block = []>
!a = !kcc.buffer<64x64xf16, swizzle = 128>
!ring = !kcc.channel<2, [!a]>
gpu.module @m {
  gpu.func @fill(%p: !kcc.ptr<f16> {kcc.divisibility = 16 : i64}, %pitch: i64, %ring: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %n = arith.constant 0 : i32
    %rows = kcc.arange : tensor<64xi64, #r>
    %s = tensor.splat %pitch : tensor<64xi64, #r>
    %m = arith.muli %rows, %s : tensor<64xi64, #r>
    %m2 = kcc.reshape %m : tensor<64xi64, #r> -> tensor<64x1xi64, #r2>
    %mb = kcc.broadcast %m2 : tensor<64x1xi64, #r2> -> tensor<64x64xi64, #l>
    %columns = kcc.arange : tensor<64xi64, #c>
    %c2 = kcc.reshape %columns : tensor<64xi64, #c> -> tensor<1x64xi64, #c2>
    %cb = kcc.broadcast %c2 : tensor<1x64xi64, #c2> -> tensor<64x64xi64, #l>
    %o = arith.addi %mb, %cb : tensor<64x64xi64, #l>
    %x = kcc.load %p[%o] : !kcc.ptr<f16>, tensor<64x64xi64, #l> -> tensor<64x64xf16, #l>
    %a = kcc.acquire %ring[%n] : !ring -> !a
    kcc.fill %x to %a on %ring[%n] : tensor<64x64xf16, #l>, !a, !ring
    kcc.fence_async
    kcc.put %ring[%n] : !ring
    gpu.return
  }
}
