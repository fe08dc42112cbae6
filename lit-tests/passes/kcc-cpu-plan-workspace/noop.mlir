// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-plan-workspace %s | FileCheck %s

// Functions that are no programs keep their signature and buffers.
// CHECK-LABEL: func.func private @kcc.helper(%{{.*}}: f32) {
// CHECK-NEXT:    memref.alloc
func.func private @kcc.helper(%x: f32) {
  %a = memref.alloc() : memref<1024xf32>
  linalg.fill ins(%x : f32) outs(%a : memref<1024xf32>)
  return
}
