// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-set-rocdl-kernel-attributes %s | FileCheck %s

// Functions that are no kernels stay as they are; the version is said of the module.
// CHECK: llvm.module_flags
// CHECK: llvm.func @helper() attributes {gpu.known_block_size = array<i32: 64, 4, 1>} {
gpu.module @m {
  llvm.func @helper() attributes {gpu.known_block_size = array<i32: 64, 4, 1>} {
    llvm.return
  }
}
