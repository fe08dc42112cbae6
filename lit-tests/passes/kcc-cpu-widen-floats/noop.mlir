// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-widen-floats %s | FileCheck %s

gpu.module @m {
  // CHECK-LABEL: gpu.func @f(%{{.*}}: !kcc.ptr<f64>, %{{.*}}: i32)
  // CHECK-NEXT:    %[[V:.*]] = kcc.load {{.*}} -> f64
  // CHECK-NEXT:    kcc.store %[[V]]
  // CHECK-NEXT:    gpu.return
  gpu.func @f(%x: !kcc.ptr<f64>, %n: i32) kernel {
    %v = kcc.load %x[%n] : !kcc.ptr<f64>, i32 -> f64
    kcc.store %v, %x[%n] : f64, !kcc.ptr<f64>, i32
    gpu.return
  }
}
