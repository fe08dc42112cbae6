// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-lower-memory %s | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK-NEXT:    arith.addf %{{.*}}, %{{.*}} : tensor<4xf32>
// CHECK-NEXT:    arith.constant
// CHECK-NEXT:    return
func.func @f(%x: tensor<4xf32>) -> i32 {
  %y = arith.addf %x, %x : tensor<4xf32>
  %r = arith.constant 0 : i32
  return %r : i32
}
