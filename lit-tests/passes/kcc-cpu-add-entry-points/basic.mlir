// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-add-entry-points %s | FileCheck %s

// CHECK:       llvm.func @kcc_cpu_k(%[[ARGS:[^:]*]]: !llvm.ptr, %{{.*}}: i32, %{{.*}}: i32, %{{.*}}: i32, %{{.*}}: i64, %{{.*}}: i64) -> i64
// CHECK:         llvm.call @aligned_alloc
// CHECK:         %[[SLOT:.*]] = llvm.getelementptr %[[ARGS]][1]
// CHECK:         %[[ADDRESS:.*]] = llvm.load %[[SLOT]] : !llvm.ptr -> !llvm.ptr
// CHECK:         %[[N:.*]] = llvm.load %[[ADDRESS]] : !llvm.ptr -> i64
// CHECK:         llvm.call @k.program(%{{.*}}, %[[N]],
// CHECK:         llvm.call @free
// CHECK:       llvm.mlir.global external constant @kcc_cpu_k_texts("ptr i64\00low\00\00")
llvm.func internal @k.program(%x: !llvm.ptr, %n: i64, %p0: i32, %p1: i32, %p2: i32, %n0: i32, %n1: i32, %n2: i32,
    %w: !llvm.ptr {llvm.noalias}) -> i32 attributes {kcc.cpu.regions = array<i64: 100>, kcc.cpu.assertions = ["low"]} {
  %r = llvm.mlir.constant(0 : i32) : i32
  llvm.return %r : i32
}
