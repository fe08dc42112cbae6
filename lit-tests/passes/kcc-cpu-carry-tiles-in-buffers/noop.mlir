// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-carry-tiles-in-buffers %s | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK-NOT:     memref.alloc
// CHECK:         scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}) -> (index)
// CHECK-NOT:     memref.alloc
func.func @f(%n: index) -> index {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %r = scf.for %i = %0 to %n step %1 iter_args(%c = %0) -> (index) {
    %e = arith.addi %c, %i : index
    scf.yield %e : index
  }
  return %r : index
}
