// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-lower-asserts %s | FileCheck %s

// CHECK-LABEL: func.func @f() -> i32 {
// CHECK-NEXT:    arith.constant
// CHECK-NEXT:    return
func.func @f() -> i32 {
  %r = arith.constant 0 : i32
  return %r : i32
}
