// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-bytes-for-bools %s | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK-NEXT:    memref.load %{{.*}} : memref<64xi8>
// CHECK-NEXT:    return
func.func @f(%r: memref<64xi8>, %i: index) -> i8 {
  %l = memref.load %r[%i] : memref<64xi8>
  return %l : i8
}
