// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-lower-memory %s | FileCheck %s

// Where the mask is false memory is not touched.
// CHECK-LABEL: func.func @load
// CHECK-SAME:    (%[[P:[^:]*]]: !llvm.ptr, %[[O:[^:]*]]: tensor<8xi32>, %[[M:[^:]*]]: tensor<8xi1>)
// CHECK:         %[[B:.*]] = memref.alloc() : memref<8xf16>
// CHECK:         %[[OB:.*]] = bufferization.to_buffer %[[O]] read_only
// CHECK:         %[[MB:.*]] = bufferization.to_buffer %[[M]] read_only
// CHECK:         scf.for %[[I:.*]] = %{{.*}} to
// CHECK:           %[[OFFSET:.*]] = memref.load %[[OB]][%[[I]]]
// CHECK:           %[[IN:.*]] = memref.load %[[MB]][%[[I]]]
// CHECK:           %[[V:.*]] = scf.if %[[IN]] -> (f16) {
// CHECK:             %[[WIDE:.*]] = arith.extsi %[[OFFSET]] : i32 to i64
// CHECK:             %[[A:.*]] = llvm.getelementptr %[[P]][%[[WIDE]]] : (!llvm.ptr, i64) -> !llvm.ptr, f16
// CHECK:             llvm.load %[[A]] : !llvm.ptr -> f16
// CHECK:           } else {
// CHECK:             arith.constant 0.0
// CHECK:           memref.store %[[V]], %[[B]][%[[I]]]
// CHECK:         bufferization.to_tensor %[[B]] restrict writable
func.func @load(%p: !kcc.ptr<f16>, %o: tensor<8xi32>, %m: tensor<8xi1>) -> i32 {
  %t = kcc.load %p[%o] mask %m : !kcc.ptr<f16>, tensor<8xi32> -> tensor<8xf16>
  %r = arith.constant 0 : i32
  return %r : i32
}

// Bounds are decided for each dimension, ahead of the loops.
// CHECK-LABEL: func.func @store_tile
// CHECK:         arith.subi
// CHECK:         arith.maxsi
// CHECK:         %[[LOW:.*]] = arith.index_cast
// CHECK:         %[[HIGH:.*]] = arith.index_cast
// CHECK:         scf.for %[[I:.*]] = %[[LOW]] to %[[HIGH]]
// CHECK-NOT:       scf.if
// CHECK:           llvm.store
func.func @store_tile(%p: !kcc.ptr<f32>, %n: i64, %o: i64, %t: tensor<8xf32>) -> i32 {
  %one = arith.constant 1 : i64
  %v = kcc.view %p, sizes [%n], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
  kcc.store_tile %t, %v[%o] dims [0] : tensor<8xf32>, !kcc.view<?xf32>
  %r = arith.constant 0 : i32
  return %r : i32
}

// Elements of one byte that LLVM has no type for are i8 in memory.
// CHECK-LABEL: func.func @bytes
// CHECK:         %[[BYTE:.*]] = llvm.load {{.*}} -> i8
// CHECK:         arith.bitcast %[[BYTE]] : i8 to f8E4M3FN
// CHECK:         llvm.getelementptr {{.*}}, i8
func.func @bytes(%p: !kcc.ptr<f8E4M3FN>, %o: i64) -> i32 {
  %v = kcc.load %p[%o] : !kcc.ptr<f8E4M3FN>, i64 -> f8E4M3FN
  %q = kcc.add_ptr %p, %o : !kcc.ptr<f8E4M3FN>, i64
  kcc.store %v, %q[%o] : f8E4M3FN, !kcc.ptr<f8E4M3FN>, i64
  %r = arith.constant 0 : i32
  return %r : i32
}

// Floating-point updates are a compare-and-swap loop over the bits, made once for each type.
// CHECK-LABEL: func.func @atomic
// CHECK:         call @kcc.atomic_fadd_bf16
// CHECK:         call @kcc.atomic_smax_i32
// CHECK-LABEL: func.func private @kcc.atomic_fadd_bf16
// CHECK:         scf.while
// CHECK:           llvm.cmpxchg {{.*}} i16
// CHECK-LABEL: func.func private @kcc.atomic_smax_i32
// CHECK:         llvm.atomicrmw max
func.func @atomic(%p: !kcc.ptr<bf16>, %q: !kcc.ptr<i32>, %a: bf16, %b: i32) -> i32 {
  %o = arith.constant 0 : i64
  %1 = kcc.atomic_rmw fadd %a, %p[%o] : bf16, !kcc.ptr<bf16>, i64
  %2 = kcc.atomic_rmw smax %b, %q[%o] : i32, !kcc.ptr<i32>, i64
  return %2 : i32
}
