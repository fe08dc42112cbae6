// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-set-rocdl-kernel-attributes %s | FileCheck %s

// CHECK: llvm.module_flags [#llvm.mlir.module_flag<error, "amdhsa_code_object_version", 500 : i32>]
// CHECK: llvm.func @f
// CHECK-SAME: passthrough = {{\[\[}}"amdgpu-agpr-alloc", "0"], ["uniform-work-group-size", "true"]]
// CHECK-SAME: rocdl.flat_work_group_size = "256,256"
// CHECK-SAME: rocdl.reqd_work_group_size = array<i32: 64, 4, 1>
gpu.module @m {
  llvm.func @f() attributes {gpu.kernel, gpu.known_block_size = array<i32: 64, 4, 1>, rocdl.kernel} {
    llvm.return
  }
}
