// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-insert-barriers %s | FileCheck %s

#a = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [], block = []>
#b = #kcc.layout<rank = 1, register = [], lane = [[2], [1], [4], [8], [16]], warp = [], block = []>

gpu.module @m {
  // CHECK-LABEL: gpu.func @no_scratch
  // CHECK-NOT:     kcc.barrier_before
  gpu.func @no_scratch() kernel attributes {kcc.num_warps = 1 : i32} {
    %i = kcc.arange : tensor<32xi32, #a>
    %1 = kcc.convert_layout %i : tensor<32xi32, #a> -> tensor<32xi32, #b>
    gpu.return
  }
}
