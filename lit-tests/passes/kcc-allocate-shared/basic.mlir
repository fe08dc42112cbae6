// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-allocate-shared %s | FileCheck %s

#a = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [[32], [64]], block = []>
#b = #kcc.layout<rank = 1, register = [], lane = [[4], [8], [16], [32], [64]], warp = [[1], [2]], block = []>
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
}
