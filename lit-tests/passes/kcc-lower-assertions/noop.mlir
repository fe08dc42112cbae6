// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-assertions %s | FileCheck %s

// CHECK-NOT: __assertfail
// CHECK: gpu.func @f
// CHECK-NEXT: gpu.return
gpu.module @m {
  gpu.func @f(%c: i1) kernel {
    gpu.return
  }
}
