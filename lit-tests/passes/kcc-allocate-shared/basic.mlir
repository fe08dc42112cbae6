// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-allocate-shared %s | FileCheck %s

#a = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [[32], [64]], block = []>
#b = #kcc.layout<rank = 1, register = [], lane = [[4], [8], [16], [32], [64]], warp = [[1], [2]], block = []>
#c = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [[32], [64], [0]], block = []>
#d = #kcc.layout<rank = 1, register = [], lane = [[4], [8], [16], [32], [64]], warp = [[1], [2], [0]], block = []>
#acc = #kcc.layout<rank = 2, register = [[0, 1], [8, 0], [0, 8], [0, 16], [0, 32]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0], [64, 0]], block = []>
#lanes = #kcc.layout<rank = 1, register = [], lane = [[2], [1], [4], [8], [16]], warp = [[32], [64]], block = []>

gpu.module @m {
  // Neighbours in time lie apart, so that the second need not wait for the readers of the first; the third may lie where
  // the first was.
  // CHECK-LABEL: gpu.func @turns
  // CHECK-SAME:    kcc.shared_bytes = 1024 : i64
  // CHECK:         kcc.convert_layout {{.*}} {kcc.shared_offset = 0 : i64, kcc.shared_size = 512 : i64}
  // CHECK:         kcc.convert_layout {{.*}} {kcc.shared_offset = 512 : i64, kcc.shared_size = 512 : i64}
  // CHECK:         kcc.convert_layout {{.*}} {kcc.shared_offset = 0 : i64, kcc.shared_size = 512 : i64}
  gpu.func @turns() kernel attributes {kcc.num_warps = 4 : i32} {
    %i = kcc.arange : tensor<128xi32, #a>
    %1 = kcc.convert_layout %i : tensor<128xi32, #a> -> tensor<128xi32, #b>
    %2 = kcc.convert_layout %1 : tensor<128xi32, #b> -> tensor<128xi32, #a>
    %3 = kcc.convert_layout %2 : tensor<128xi32, #a> -> tensor<128xi32, #b>
    gpu.return
  }

  // A result that only some threads have is handed out; one that nobody uses is not.
  // CHECK-LABEL: gpu.func @atomics
  // CHECK-SAME:    kcc.shared_bytes = 4 : i64
  // CHECK:         kcc.atomic_rmw {{.*}} {kcc.shared_offset = 0 : i64, kcc.shared_size = 4 : i64}
  // CHECK:         kcc.atomic_rmw
  // CHECK-NOT:     kcc.shared_offset
  gpu.func @atomics(%p: !kcc.ptr<i32>, %i: i32) kernel attributes {kcc.num_warps = 4 : i32} {
    %old = kcc.atomic_rmw add %i, %p[%i] : i32, !kcc.ptr<i32>, i32
    %older = kcc.atomic_rmw add %old, %p[%i] : i32, !kcc.ptr<i32>, i32
    gpu.return
  }

  // What the copy engine still reads behind an operation is no one else's; what it reads next may lie there.
  // CHECK-LABEL: gpu.func @copies_out
  // CHECK-SAME:    kcc.shared_bytes = 33280 : i64
  // CHECK:         kcc.convert_layout {{.*}} {kcc.shared_offset = 32768 : i64, kcc.shared_size = 512 : i64}
  // CHECK:         kcc.copy_out {{.*}} {kcc.shared_offset = 0 : i64, kcc.shared_size = 32768 : i64}
  // CHECK:         kcc.copy_out {{.*}} {kcc.shared_offset = 0 : i64, kcc.shared_size = 32768 : i64}
  gpu.func @copies_out(%x: f16, %i: i32, %map: !kcc.tensor_map {kcc.box = array<i64: 64, 64>}, %n: i32) attributes {kcc.num_warps = 8 : i32} {
    %1 = tensor.splat %i : tensor<128xi32, #c>
    %2 = kcc.convert_layout %1 : tensor<128xi32, #c> -> tensor<128xi32, #d>
    %t = tensor.splat %x : tensor<128x64xf16, #acc>
    kcc.copy_out %t to %map[%n, %n] : tensor<128x64xf16, #acc>
    kcc.copy_out %t to %map[%n, %n] : tensor<128x64xf16, #acc>
    gpu.return
  }
}
