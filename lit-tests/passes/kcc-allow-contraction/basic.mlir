// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-allow-contraction %s | FileCheck %s

gpu.module @m {
  // CHECK-LABEL: gpu.func @f
  // CHECK:         arith.mulf %{{.*}}, %{{.*}} fastmath<contract> : f32
  // CHECK:         arith.addf %{{.*}}, %{{.*}} fastmath<contract> : f32
  // CHECK:         arith.subf %{{.*}}, %{{.*}} fastmath<contract> : f32
  gpu.func @f(%x: f32, %y: f32, %p: !llvm.ptr<1>) kernel {
    %a = arith.mulf %x, %y : f32
    %b = arith.addf %a, %x : f32
    %c = arith.subf %b, %y : f32
    llvm.store %c, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}
