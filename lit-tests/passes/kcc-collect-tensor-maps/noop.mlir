// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-collect-tensor-maps %s | FileCheck %s

// CHECK-LABEL: gpu.func @arrays
// CHECK-LABEL: gpu.func @nothing_known
// CHECK-NOT: kcc.tensor_maps
gpu.module @m {
  gpu.func @arrays(%a: !llvm.ptr {kcc.name = "A", kcc.kind = "tensor"}, %n: i64 {kcc.name = "N", kcc.kind = "size"}) kernel {
    gpu.return
  }
  gpu.func @nothing_known(%a: !llvm.ptr, %n: i64) kernel {
    gpu.return
  }
}
