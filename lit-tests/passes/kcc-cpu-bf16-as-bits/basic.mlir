// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-bf16-as-bits %s | FileCheck %s

// CHECK-LABEL: func.func @f(%{{.*}}: i1, %{{.*}}: !llvm.ptr) -> i16
// CHECK:         arith.constant -128 : i16
// CHECK:         scf.if %{{.*}} -> (i16)
// CHECK:           llvm.load %{{.*}} : !llvm.ptr -> i16
// CHECK-NOT:     arith.bitcast
// CHECK:         return %{{.*}} : i16
func.func @f(%m: i1, %p: !llvm.ptr) -> i16 {
  %other = arith.constant 0xFF80 : bf16
  %r = scf.if %m -> bf16 {
    %v = llvm.load %p : !llvm.ptr -> bf16
    scf.yield %v : bf16
  } else {
    scf.yield %other : bf16
  }
  %b = arith.bitcast %r : bf16 to i16
  return %b : i16
}
