// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not kcc-opt --kcc-insert-barriers %s 2>&1 | FileCheck %s

#a = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [], block = []>

gpu.module @m {
  gpu.func @half_a_plan() kernel attributes {kcc.num_warps = 1 : i32} {
    %i = kcc.arange : tensor<32xi32, #a>
    // CHECK: invalid.mlir:[[# @LINE + 1]]:{{[0-9]+}}: error: 'kcc.convert_layout' has kcc.shared_offset without kcc.shared_size
    %1 = kcc.convert_layout %i {kcc.shared_offset = 0 : i64} : tensor<32xi32, #a> -> tensor<32xi32, #a>
    gpu.return
  }
}
