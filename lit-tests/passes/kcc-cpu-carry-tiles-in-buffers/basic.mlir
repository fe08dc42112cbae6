// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-carry-tiles-in-buffers %s | FileCheck %s

// CHECK-LABEL: func.func @loop
// CHECK-SAME:    (%[[N:[^:]*]]: index, %[[INIT:[^:]*]]: tensor<4x4xf32>, %[[A:[^:]*]]: tensor<4x4xf32>)
// CHECK:         %[[B:.*]] = memref.alloc() : memref<4x4xf32>
// CHECK:         bufferization.materialize_in_destination %[[INIT]] in writable %[[B]]
// CHECK:         %[[COUNT:.*]] = scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}) -> (index)
// CHECK-NEXT:      %[[T:.*]] = bufferization.to_tensor %[[B]] restrict writable
// CHECK:           %[[NEXT:.*]] = linalg.matmul {{.*}} outs(%[[T]]
// CHECK:           bufferization.materialize_in_destination %[[NEXT]] in writable %[[B]]
// CHECK:           scf.yield %{{.*}} : index
// CHECK:         %[[R:.*]] = bufferization.to_tensor %[[B]] restrict writable
// CHECK:         return %[[R]], %[[COUNT]]
func.func @loop(%n: index, %init: tensor<4x4xf32>, %a: tensor<4x4xf32>) -> (tensor<4x4xf32>, index) {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %r:2 = scf.for %i = %0 to %n step %1 iter_args(%t = %init, %c = %0) -> (tensor<4x4xf32>, index) {
    %d = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%t : tensor<4x4xf32>) -> tensor<4x4xf32>
    %e = arith.addi %c, %1 : index
    scf.yield %d, %e : tensor<4x4xf32>, index
  }
  return %r#0, %r#1 : tensor<4x4xf32>, index
}

// Tiles that change places are copied before either buffer is written.
// CHECK-LABEL: func.func @swap
// CHECK:         scf.for
// CHECK:           %[[X:.*]] = bufferization.to_tensor %[[BX:.*]] restrict writable
// CHECK:           %[[Y:.*]] = bufferization.to_tensor %[[BY:.*]] restrict writable
// CHECK:           %[[CY:.*]] = bufferization.alloc_tensor() copy(%[[Y]])
// CHECK:           %[[CX:.*]] = bufferization.alloc_tensor() copy(%[[X]])
// CHECK:           bufferization.materialize_in_destination %[[CY]] in writable %[[BX]]
// CHECK:           bufferization.materialize_in_destination %[[CX]] in writable %[[BY]]
func.func @swap(%n: index, %a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %r:2 = scf.for %i = %0 to %n step %1 iter_args(%x = %a, %y = %b) -> (tensor<4xf32>, tensor<4xf32>) {
    scf.yield %y, %x : tensor<4xf32>, tensor<4xf32>
  }
  return %r#0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @branch
// CHECK-SAME:    (%[[C:[^:]*]]: i1, %[[A:[^:]*]]: tensor<4xf32>, %[[B:[^:]*]]: tensor<4xf32>)
// CHECK:         %[[R:.*]] = memref.alloc()
// CHECK:         scf.if %[[C]] {
// CHECK:           bufferization.materialize_in_destination %[[A]] in writable %[[R]]
// CHECK:         } else {
// CHECK:           bufferization.materialize_in_destination %[[B]] in writable %[[R]]
// CHECK:         bufferization.to_tensor %[[R]]
func.func @branch(%c: i1, %a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %r = scf.if %c -> tensor<4xf32> {
    scf.yield %a : tensor<4xf32>
  } else {
    scf.yield %b : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// CHECK-LABEL: func.func @while_loop
// CHECK:         %[[B:.*]] = memref.alloc()
// CHECK:         bufferization.materialize_in_destination %{{.*}} in writable %[[B]]
// CHECK:         %[[P:.*]] = memref.alloc()
// CHECK:         scf.while : () -> ()
// CHECK:           %[[T:.*]] = bufferization.to_tensor %[[B]]
// CHECK:           bufferization.materialize_in_destination %[[T]] in writable %[[P]]
// CHECK:           scf.condition
// CHECK:         } do {
// CHECK:           %[[U:.*]] = bufferization.to_tensor %[[P]]
// CHECK:           bufferization.materialize_in_destination %[[U]] in writable %[[B]]
// CHECK:         bufferization.to_tensor %[[P]]
func.func @while_loop(%c: i1, %a: tensor<4xf32>) -> tensor<4xf32> {
  %r = scf.while (%t = %a) : (tensor<4xf32>) -> tensor<4xf32> {
    scf.condition(%c) %t : tensor<4xf32>
  } do {
  ^bb0(%u: tensor<4xf32>):
    scf.yield %u : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
