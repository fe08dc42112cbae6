// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-lower-grid-size-to-rocdl %s | FileCheck %s

gpu.module @m {
  // CHECK-LABEL: gpu.func @f
  // CHECK:         %[[PACKET:.*]] = llvm.call_intrinsic "llvm.amdgcn.dispatch.ptr"() : () -> !llvm.ptr<4>
  // CHECK:         %[[X:.*]] = llvm.getelementptr %[[PACKET]][12] : (!llvm.ptr<4>) -> !llvm.ptr<4>, i8
  // CHECK:         %[[THREADS:.*]] = llvm.load %[[X]] invariant {alignment = 4 : i64} : !llvm.ptr<4> -> i32
  // CHECK:         %[[BLOCK:.*]] = arith.constant 256 : i32
  // CHECK:         %[[N:.*]] = arith.divui %[[THREADS]], %[[BLOCK]]
  // CHECK:         arith.index_cast %[[N]] : i32 to index
  // CHECK:         llvm.getelementptr %{{.*}}[20]
  // CHECK:         arith.constant 1 : i32
  // CHECK-NOT:     gpu.grid_dim
  gpu.func @f(%p: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    %x = gpu.grid_dim x
    %z = gpu.grid_dim z
    %s = arith.addi %x, %z : index
    %i = arith.index_cast %s : index to i32
    llvm.store %i, %p : i32, !llvm.ptr<1>
    gpu.return
  }
}
