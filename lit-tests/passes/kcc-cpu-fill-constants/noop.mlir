// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-fill-constants %s | FileCheck %s

// Scalars and constants with several values stay.
// CHECK-LABEL: func.func @f
// CHECK-NEXT:    arith.constant 1.0
// CHECK-NEXT:    arith.constant dense<[1, 2]> : tensor<2xi32>
// CHECK-NEXT:    return
func.func @f() -> (f32, tensor<2xi32>) {
  %a = arith.constant 1.0 : f32
  %b = arith.constant dense<[1, 2]> : tensor<2xi32>
  return %a, %b : f32, tensor<2xi32>
}
