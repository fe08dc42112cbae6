// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-widen-floats %s | FileCheck %s

gpu.module @m {
  // Memory, values and arithmetic are f64, and roundings disappear.
  // CHECK-LABEL: gpu.func @chain(%{{.*}}: !kcc.ptr<f64>, %{{.*}}: i64, %{{.*}}: f64)
  // CHECK:         kcc.view %{{.*}} -> <?xf64>
  // CHECK:         %[[T:.*]] = kcc.load_tile {{.*}} -> tensor<8xf64>
  // CHECK-NOT:     arith.extf
  // CHECK:         %[[S:.*]] = arith.mulf %[[T]], %{{.*}} : tensor<8xf64>
  // CHECK-NOT:     arith.truncf
  // CHECK:         kcc.store_tile %[[S]]
  gpu.func @chain(%x: !kcc.ptr<f16>, %n: i64, %f: f32) kernel {
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes [%n], strides [%one] : !kcc.ptr<f16> -> !kcc.view<?xf16>
    %t = kcc.load_tile %v[%one] dims [0] : !kcc.view<?xf16> -> tensor<8xf16>
    %w = arith.extf %t : tensor<8xf16> to tensor<8xf32>
    %c = arith.constant dense<0.1> : tensor<8xf32>
    %s = arith.mulf %w, %c : tensor<8xf32>
    %r = arith.truncf %s : tensor<8xf32> to tensor<8xf16>
    kcc.store_tile %r, %v[%one] dims [0] : tensor<8xf16>, !kcc.view<?xf16>
    gpu.return
  }

  // Bits are those of the type that was written.
  // CHECK-LABEL: gpu.func @bits
  // CHECK:         %[[N:.*]] = arith.truncf %{{.*}} : f64 to f32
  // CHECK:         arith.bitcast %[[N]] : f32 to i32
  gpu.func @bits(%x: !kcc.ptr<i32>, %f: f32) kernel {
    %i = arith.constant 0 : i64
    %b = arith.bitcast %f : f32 to i32
    kcc.store %b, %x[%i] : i32, !kcc.ptr<i32>, i64
    gpu.return
  }
}
