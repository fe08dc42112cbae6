// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-outline-programs %s | FileCheck %s

// CHECK-LABEL: func.func @f(%{{.*}}: i32)
// CHECK-NEXT:    return
func.func @f(%x: i32) {
  return
}
