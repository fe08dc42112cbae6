// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-join-groups %s | FileCheck %s

// CHECK-LABEL: gpu.func @f() kernel {
// CHECK-NEXT:    gpu.barrier
// CHECK-NEXT:    gpu.return
gpu.module @m {
  gpu.func @f() kernel {
    gpu.barrier
    gpu.return
  }
}
