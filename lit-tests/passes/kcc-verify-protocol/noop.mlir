// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-verify-protocol %s | FileCheck %s
// A kernel without groups has no protocol.

// CHECK-LABEL: gpu.func @f() kernel {
// CHECK-NEXT:    gpu.barrier
gpu.module @m {
  gpu.func @f() kernel {
    gpu.barrier
    gpu.return
  }
}
