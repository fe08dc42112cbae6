// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-assertions %s | FileCheck %s --check-prefixes=CHECK,NVIDIA
// RUN: kcc-opt --target mi300 --kcc-lower-assertions %s | FileCheck %s --check-prefixes=CHECK,AMD

// NVIDIA-DAG: llvm.func @__assertfail(!llvm.ptr, !llvm.ptr, i32, !llvm.ptr, i64)
// NVIDIA-DAG: llvm.mlir.global internal constant @assert_message_0("n is positive\00")
// NVIDIA-DAG: llvm.mlir.global internal constant @assert_file_0("basic.mlir\00")
// CHECK-LABEL: gpu.func @f
gpu.module @m {
  gpu.func @f(%c: i1) kernel {
    // CHECK:       %[[BROKEN:.*]] = arith.xori %{{.*}}, %{{.*}} : i1
    // CHECK-NEXT:  scf.if %[[BROKEN]] {
    // NVIDIA:        llvm.call @__assertfail
    // AMD-NEXT:      llvm.intr.trap
    // CHECK:       }
    // CHECK-NOT:   kcc.assert
    kcc.assert %c, "n is positive" : i1
    gpu.return
  }
}
