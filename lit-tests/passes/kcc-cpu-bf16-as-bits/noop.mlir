// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-bf16-as-bits %s | FileCheck %s

// CHECK-LABEL: func.func @f(%{{.*}}: f16) -> f32
// CHECK-NEXT:    arith.extf %{{.*}} : f16 to f32
// CHECK-NEXT:    return
func.func @f(%x: f16) -> f32 {
  %y = arith.extf %x : f16 to f32
  return %y : f32
}
