// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-lower-asserts %s | FileCheck %s

// Nothing behind a failed assertion runs, and the result tells which it was.
// CHECK-LABEL: func.func @f
// CHECK-SAME:    kcc.cpu.assertions = ["{{.*}}basic.mlir:[[#]]:3: first", "{{.*}}basic.mlir:[[#]]:3: second"]
// CHECK:         cf.cond_br %{{.*}}, ^[[REST:bb[0-9]*]], ^[[FAILED:bb[0-9]*]]
// CHECK:       ^[[REST]]:
// CHECK:         llvm.store
// CHECK:         cf.cond_br
// CHECK:       ^[[FAILED]]:
// CHECK:         %[[ONE:.*]] = arith.constant 1 : i32
// CHECK:         return %[[ONE]]
func.func @f(%a: i1, %b: i1, %p: !llvm.ptr) -> i32 {
  %r = arith.constant 0 : i32
  kcc.assert %a, "first" : i1
  llvm.store %r, %p : i32, !llvm.ptr
  kcc.assert %b, "second" : i1
  return %r : i32
}
