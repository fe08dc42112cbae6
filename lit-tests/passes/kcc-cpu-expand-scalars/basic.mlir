// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-expand-scalars %s | FileCheck %s

// CHECK-LABEL: func.func @narrow
// CHECK:         %[[A:.*]] = call @kcc.scalar.widen_bf16(%{{.*}}) : (bf16) -> f32
// CHECK:         %[[B:.*]] = call @kcc.scalar.widen_bf16(%{{.*}}) : (bf16) -> f32
// CHECK:         %[[S:.*]] = arith.addf %[[A]], %[[B]] : f32
// CHECK:         %[[W:.*]] = arith.extf %[[S]] : f32 to f64
// CHECK:         call @kcc.scalar.narrow_bf16(%[[W]]) : (f64) -> bf16
func.func @narrow(%x: bf16, %y: bf16) -> bf16 {
  %s = arith.addf %x, %y : bf16
  return %s : bf16
}

// CHECK-LABEL: func.func @function
// CHECK:         %[[W:.*]] = arith.extf %{{.*}} : f32 to f64
// CHECK:         %[[E:.*]] = math.tanh %[[W]] : f64
// CHECK:         arith.truncf %[[E]] : f64 to f32
func.func @function(%x: f32) -> f32 {
  %s = math.tanh %x : f32
  return %s : f32
}

// CHECK-LABEL: func.func @integers
// CHECK:         call @kcc.scalar.divsi_i32
// CHECK:         call @kcc.scalar.shli_i32
// CHECK:         call @kcc.scalar.fptosi_i32
func.func @integers(%x: i32, %y: i32, %z: f32) -> i32 {
  %a = arith.divsi %x, %y : i32
  %b = arith.shli %a, %y : i32
  %c = arith.fptosi %z : f32 to i32
  %d = arith.addi %b, %c : i32
  return %d : i32
}

// The least integer divided by -1, and division by zero, must not trap.
// CHECK-LABEL: func.func private @kcc.scalar.divsi_i32
// CHECK:         %[[SAFE:.*]] = arith.select
// CHECK:         arith.divsi %{{.*}}, %[[SAFE]] : i32
