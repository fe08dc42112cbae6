// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-allocate-shared %s | FileCheck %s

#a = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [], block = []>
#b = #kcc.layout<rank = 1, register = [], lane = [[2], [1], [4], [8], [16]], warp = [], block = []>

gpu.module @m {
  // Lanes of one warp exchange data by a shuffle.
  // CHECK-LABEL: gpu.func @lanes
  // CHECK-SAME:    kcc.shared_bytes = 0 : i64
  // CHECK-NOT:     kcc.shared_offset
  gpu.func @lanes() kernel attributes {kcc.num_warps = 1 : i32} {
    %i = kcc.arange : tensor<32xi32, #a>
    %1 = kcc.convert_layout %i : tensor<32xi32, #a> -> tensor<32xi32, #b>
    gpu.return
  }
}
