// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-lower-grid-size-to-rocdl %s | FileCheck %s

// The place of a block is in registers.
// CHECK: gpu.func @f
// CHECK-NEXT: gpu.block_id x
// CHECK-NEXT: gpu.return
gpu.module @m {
  gpu.func @f() kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    %x = gpu.block_id x
    gpu.return
  }
}
