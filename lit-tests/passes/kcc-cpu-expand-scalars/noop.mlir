// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-expand-scalars %s | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK-NEXT:    arith.addf
// CHECK-NEXT:    math.sqrt %{{.*}} : f32
// CHECK-NEXT:    math.fma %{{.*}} : f32
// CHECK-NEXT:    math.exp %{{.*}} : f64
// CHECK-NEXT:    arith.muli
// CHECK-NEXT:    return
func.func @f(%x: f32, %y: f64, %z: i32) -> (f32, f64, i32) {
  %a = arith.addf %x, %x : f32
  %b = math.sqrt %a : f32
  %c = math.fma %a, %b, %x : f32
  %d = math.exp %y : f64
  %e = arith.muli %z, %z : i32
  return %c, %d, %e : f32, f64, i32
}
