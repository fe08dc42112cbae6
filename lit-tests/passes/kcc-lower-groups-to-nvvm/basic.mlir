// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-groups-to-nvvm --split-input-file %s | FileCheck %s

// Each of 384 threads begins with 168 registers; ptxas must compile for one block at a time.
// CHECK-LABEL: gpu.func @f
// CHECK-SAME:    kcc.min_blocks = 1 : i32
gpu.module @m {
  gpu.func @f(%barrier: i32, %p: !llvm.ptr<3>) kernel attributes {known_block_size = array<i32: 384, 1, 1>} {
    // CHECK:       %[[MORE:.*]] = llvm.mlir.constant(240 : i32) : i32
    // CHECK-NEXT:  llvm.call_intrinsic "llvm.nvvm.setmaxnreg.inc.sync.aligned.u32"(%[[MORE]])
    kcc.set_registers 240
    // CHECK-NEXT:  %[[FEWER:.*]] = llvm.mlir.constant(24 : i32) : i32
    // CHECK-NEXT:  llvm.call_intrinsic "llvm.nvvm.setmaxnreg.dec.sync.aligned.u32"(%[[FEWER]])
    kcc.set_registers 24
    // CHECK-NEXT:  %[[THREADS:.*]] = llvm.mlir.constant(256 : i32) : i32
    // CHECK-NEXT:  llvm.call_intrinsic "llvm.nvvm.barrier.cta.sync.aligned.count"(%{{.*}}, %[[THREADS]])
    kcc.set_registers 168
    kcc.group_barrier %barrier threads 256
    // CHECK-NEXT:  %[[ALL:.*]] = llvm.mlir.constant(-1 : i32) : i32
    // CHECK-NEXT:  %[[ELECTED:.*]] = llvm.call_intrinsic "llvm.nvvm.elect.sync"(%[[ALL]]) : (i32) -> !llvm.struct<(i32, i1)>
    // CHECK:       %[[ONE:.*]] = llvm.extractvalue %[[ELECTED]][1]
    // CHECK-NEXT:  scf.if %[[ONE]]
    %one = kcc.elect
    scf.if %one {
      llvm.store %barrier, %p : i32, !llvm.ptr<3>
    }
    gpu.return
  }
}

// -----

// CHECK-LABEL: gpu.func @no_change
// CHECK-NOT:     kcc.min_blocks
// CHECK:         barrier.cta.sync.aligned.count
gpu.module @m {
  gpu.func @no_change(%barrier: i32) kernel attributes {known_block_size = array<i32: 384, 1, 1>} {
    kcc.group_barrier %barrier threads 128
    gpu.return
  }
}
