// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-place-shared-memory %s | FileCheck %s

// CHECK-NOT: llvm.mlir.global
// CHECK: gpu.func @f
gpu.module @m {
  gpu.func @f(%x: i32) kernel attributes {kcc.shared_bytes = 0 : i64} {
    gpu.return
  }
}
