// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-outline-programs %s | FileCheck %s

// The gpu.module is gone; a program gets its place and the size of the launch space as arguments.
// CHECK-NOT:   gpu.module
// CHECK-LABEL: func.func private @k.program
// CHECK-SAME:    (%[[X:[^:]*]]: !kcc.ptr<i32>, %[[P0:[^:]*]]: i32, %[[P1:[^:]*]]: i32, %[[P2:[^:]*]]: i32, %[[N0:[^:]*]]: i32, %[[N1:[^:]*]]: i32, %[[N2:[^:]*]]: i32) -> i32
// CHECK:         %[[SUM:.*]] = arith.addi %[[P1]], %[[N2]] : i32
// CHECK:         kcc.store %[[SUM]], %[[X]][%[[P0]]]
// CHECK:         %[[NONE:.*]] = arith.constant 0 : i32
// CHECK:         return %[[NONE]] : i32
gpu.module @m {
  gpu.func @k(%x: !kcc.ptr<i32>) kernel {
    %p0 = kcc.program_id 0
    %p1 = kcc.program_id 1
    %n2 = kcc.num_programs 2
    %s = arith.addi %p1, %n2 : i32
    kcc.store %s, %x[%p0] : i32, !kcc.ptr<i32>, i32
    gpu.return
  }
}
