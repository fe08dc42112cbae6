// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-set-nvvm-kernel-attributes %s | FileCheck %s

// CHECK-NOT: reqntid
gpu.module @m {
  llvm.func @helper() attributes {gpu.known_block_size = array<i32: 128, 1, 1>} {
    llvm.return
  }
}
