// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-tiles-to-linalg %s | FileCheck %s

// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d0, 0)>

// A range is made for each of its uses.
// CHECK-LABEL: func.func @arange
// CHECK:         linalg.generic
// CHECK:           linalg.index 0
// CHECK:           arith.addi
// CHECK:         linalg.generic
// CHECK:           linalg.index 0
// CHECK:         arith.muli
func.func @arange() -> tensor<8xi32> {
  %i = kcc.arange {start = 5 : i64} : tensor<8xi32>
  %s = arith.muli %i, %i : tensor<8xi32>
  return %s : tensor<8xi32>
}

// What is computed is computed before it is broadcast.
// CHECK-LABEL: func.func @broadcast
// CHECK:         %[[E:.*]] = math.exp
// CHECK:         %[[C:.*]] = bufferization.alloc_tensor() copy(%[[E]])
// CHECK:         linalg.generic {indexing_maps = [#[[ROW]], {{.*}}} ins(%[[C]] : tensor<4x1xf32>)
func.func @broadcast(%x: tensor<4x1xf32>) -> tensor<4x16xf32> {
  %e = math.exp %x : tensor<4x1xf32>
  %b = kcc.broadcast %e : tensor<4x1xf32> -> tensor<4x16xf32>
  return %b : tensor<4x16xf32>
}

// CHECK-LABEL: func.func @reshape
// CHECK:         tensor.collapse_shape %{{.*}} {{\[}}[0, 1]] : tensor<4x4xf32> into tensor<16xf32>
// CHECK:         tensor.expand_shape %{{.*}} {{\[}}[0, 1, 2]] output_shape [2, 4, 2] : tensor<16xf32>
func.func @reshape(%x: tensor<4x4xf32>) -> tensor<2x4x2xf32> {
  %b = kcc.reshape %x : tensor<4x4xf32> -> tensor<2x4x2xf32>
  return %b : tensor<2x4x2xf32>
}

// Inputs are widened once, not in each product.
// CHECK-LABEL: func.func @matmul
// CHECK:         %[[A:.*]] = arith.extf %{{.*}} : tensor<4x8xf16> to tensor<4x8xf32>
// CHECK:         %[[B:.*]] = arith.extf %{{.*}} : tensor<8x4xf16> to tensor<8x4xf32>
// CHECK:         linalg.matmul ins(%[[A]], %[[B]] : tensor<4x8xf32>, tensor<8x4xf32>)
func.func @matmul(%a: tensor<4x8xf16>, %b: tensor<8x4xf16>, %c: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<4x8xf16>, tensor<8x4xf16>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %d : tensor<4x4xf32>
}

// CHECK-LABEL: func.func @scan
// CHECK:         scf.for
// CHECK:           %[[FIRST:.*]] = memref.load
// CHECK:           scf.for {{.*}} iter_args(%[[ACC:.*]] = %[[FIRST]]) -> (i32)
// CHECK:             %[[IN:.*]] = memref.load
// CHECK:             %[[SUM:.*]] = arith.addi %[[ACC]], %[[IN]]
// CHECK:             memref.store %[[SUM]]
// CHECK:             scf.yield %[[SUM]]
func.func @scan(%x: tensor<4x8xi32>) -> tensor<4x8xi32> {
  %s = kcc.scan %x attributes {axis = 1 : i64} {
  ^bb0(%acc: i32, %in: i32):
    %v = arith.addi %acc, %in : i32
    kcc.yield %v : i32
  } : tensor<4x8xi32> -> tensor<4x8xi32>
  return %s : tensor<4x8xi32>
}

// CHECK-LABEL: func.func @assertion
// CHECK:         %[[ALL:.*]] = linalg.reduce ins(%{{.*}} : tensor<8xi1>) {{.*}} dimensions = [0]
// CHECK:           arith.andi
// CHECK:         %[[ONE:.*]] = tensor.extract %[[ALL]][] : tensor<i1>
// CHECK:         kcc.assert %[[ONE]], "all" : i1
func.func @assertion(%x: tensor<8xi1>) {
  kcc.assert %x, "all" : tensor<8xi1>
  return
}

// Merge sort: one comparator, under loops over rows, levels and places.
// CHECK-LABEL: func.func @sort
// CHECK-COUNT-3: scf.for
// CHECK:         arith.cmpi slt, %{{.*}}, %{{.*}} : i32
// CHECK-NOT:     kcc.sort
func.func @sort(%x: tensor<4x8xi32>) -> tensor<4x8xi32> {
  %s = kcc.sort %x attributes {axis = 1 : i64} {
  ^bb0(%a: i32, %b: i32):
    %less = arith.cmpi slt, %a, %b : i32
    kcc.yield %less : i1
  } : tensor<4x8xi32> -> tensor<4x8xi32>
  return %s : tensor<4x8xi32>
}

// CHECK-LABEL: func.func @gather
// CHECK:         arith.cmpi ult, %{{.*}}, %c8_i64
// CHECK:         scf.if
// CHECK:           memref.load
func.func @gather(%x: tensor<8xf32>, %i: tensor<4xi32>) -> tensor<4xf32> {
  %g = kcc.gather %x[%i] axis 0 : tensor<8xf32>, tensor<4xi32> -> tensor<4xf32>
  return %g : tensor<4xf32>
}

// A reduction whose function has no identity starts with the first element.
// CHECK-LABEL: func.func @without_start
// CHECK:         %[[FIRST:.*]] = memref.load %{{.*}}[%c0]
// CHECK:         scf.for {{.*}} iter_args(%{{.*}} = %[[FIRST]]) -> (f32)
func.func @without_start(%x: tensor<8xf32>) -> tensor<f32> {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %r = linalg.reduce ins(%x : tensor<8xf32>) outs(%zero : tensor<f32>) dimensions = [0] {kcc.no_initial_value}
    (%in: f32, %acc: f32) { %m = arith.maxnumf %in, %acc : f32 linalg.yield %m : f32 }
  return %r : tensor<f32>
}
