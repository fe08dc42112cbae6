// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-remainder %s | FileCheck %s

gpu.module @m {
  // CHECK-LABEL: gpu.func @f
  // CHECK:         %[[GROWN:.*]] = scf.while
  // CHECK:           arith.addf
  // CHECK:         scf.while (%{{.*}} = %[[GROWN]], %{{.*}} = %{{.*}}) : (f32, f32) -> (f32, f32)
  // CHECK:           arith.subf
  // CHECK:         math.copysign
  // CHECK-NOT:     arith.remf
  gpu.func @f(%x: f32, %y: f32, %p: !llvm.ptr<1>) kernel {
    %r = arith.remf %x, %y : f32
    llvm.store %r, %p : f32, !llvm.ptr<1>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @narrow
  // CHECK:         arith.extf %{{.*}} : f16 to f32
  // CHECK:         arith.truncf %{{.*}} : f32 to f16
  gpu.func @narrow(%x: f16, %y: f16, %p: !llvm.ptr<1>) kernel {
    %r = arith.remf %x, %y : f16
    llvm.store %r, %p : f16, !llvm.ptr<1>
    gpu.return
  }
}
