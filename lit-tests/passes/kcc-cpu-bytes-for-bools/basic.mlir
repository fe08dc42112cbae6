// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-bytes-for-bools %s | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK:         %[[V:.*]] = memref.view {{.*}} to memref<64xi8>
// CHECK:         %[[BYTE:.*]] = arith.extui %{{.*}} : i1 to i8
// CHECK:         memref.store %[[BYTE]], %[[V]]
// CHECK:         %[[L:.*]] = memref.load %[[V]]
// CHECK:         arith.cmpi ne, %[[L]], %{{.*}} : i8
func.func @f(%r: memref<64xi8>, %b: i1, %i: index) -> i1 {
  %0 = arith.constant 0 : index
  %v = memref.view %r[%0][] : memref<64xi8> to memref<64xi1>
  memref.store %b, %v[%i] : memref<64xi1>
  %l = memref.load %v[%i] : memref<64xi1>
  return %l : i1
}
