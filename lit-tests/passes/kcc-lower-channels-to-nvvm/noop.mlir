// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-channels-to-nvvm %s | FileCheck %s

// CHECK-LABEL: gpu.func @f
// CHECK-NEXT:    kcc.shared_base
// CHECK-NEXT:    gpu.barrier
// CHECK-NEXT:    gpu.return
gpu.module @m {
  gpu.func @f(%map: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 128, 64>, kcc.swizzle = 128 : i64}) kernel
      attributes {kcc.shared_bytes = 16 : i64} {
    %base = kcc.shared_base : !llvm.ptr<3>
    gpu.barrier
    gpu.return
  }
}
