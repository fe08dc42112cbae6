// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-small-floats %s | FileCheck %s

// CHECK: gpu.func @f(%[[X:.*]]: bf16, %{{.*}}: !llvm.ptr<1>)
// CHECK-NEXT: %[[Y:.*]] = arith.extf %[[X]] : bf16 to f32
// CHECK-NEXT: llvm.store %[[Y]]
// CHECK-NEXT: gpu.return
gpu.module @m {
  gpu.func @f(%x: bf16, %p: !llvm.ptr<1>) kernel {
    %y = arith.extf %x : bf16 to f32
    llvm.store %y, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}
