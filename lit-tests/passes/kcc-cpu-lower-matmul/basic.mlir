// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-lower-matmul %s | FileCheck %s

// The innermost loop runs along the rows of B and C.
// CHECK-LABEL: func.func @f
// CHECK-SAME:    (%[[A:[^:]*]]: memref<4x8xf32>, %[[B:[^:]*]]: memref<8x16xf32>, %[[C:[^:]*]]: memref<4x16xf32>)
// CHECK:         scf.for %[[M:.*]] =
// CHECK:           scf.for %[[K:.*]] =
// CHECK:             %[[LEFT:.*]] = memref.load %[[A]][%[[M]], %[[K]]]
// CHECK:             scf.for %[[N:.*]] =
// CHECK:               %[[RIGHT:.*]] = memref.load %[[B]][%[[K]], %[[N]]]
// CHECK:               %[[SUM:.*]] = memref.load %[[C]][%[[M]], %[[N]]]
// CHECK:               %[[NEXT:.*]] = math.fma %[[LEFT]], %[[RIGHT]], %[[SUM]]
// CHECK:               memref.store %[[NEXT]], %[[C]][%[[M]], %[[N]]]
func.func @f(%a: memref<4x8xf32>, %b: memref<8x16xf32>, %c: memref<4x16xf32>) {
  linalg.matmul ins(%a, %b : memref<4x8xf32>, memref<8x16xf32>) outs(%c : memref<4x16xf32>)
  return
}

// CHECK-LABEL: func.func @batch
// CHECK-COUNT-4: scf.for
// CHECK:         arith.muli
// CHECK:         arith.addi
func.func @batch(%a: memref<2x4x8xi32>, %b: memref<2x8x4xi32>, %c: memref<2x4x4xi32>) {
  linalg.batch_matmul ins(%a, %b : memref<2x4x8xi32>, memref<2x8x4xi32>) outs(%c : memref<2x4x4xi32>)
  return
}
