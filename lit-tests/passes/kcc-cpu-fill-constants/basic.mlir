// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-fill-constants %s | FileCheck %s

// One fill for each use, so that each can be computed in place.
// CHECK-LABEL: func.func @f
// CHECK-NOT:     dense
// CHECK:         %[[ONE:.*]] = linalg.fill ins(%{{.*}} : f32)
// CHECK:         linalg.matmul {{.*}} outs(%[[ONE]] : tensor<4x4xf32>)
// CHECK:         %[[TWO:.*]] = linalg.fill ins(%{{.*}} : f32)
// CHECK:         linalg.matmul {{.*}} outs(%[[TWO]] : tensor<4x4xf32>)
func.func @f(%a: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %z = arith.constant dense<0.0> : tensor<4x4xf32>
  %d = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%z : tensor<4x4xf32>) -> tensor<4x4xf32>
  %e = linalg.matmul ins(%d, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%z : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %d, %e : tensor<4x4xf32>, tensor<4x4xf32>
}
