// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-widen-bf16 %s | FileCheck %s

gpu.module @m {
  // A single element, another type, an odd length, an unknown index.
  // CHECK-LABEL: gpu.func @others
  // CHECK-COUNT-4: arith.extf
  gpu.func @others(%e: bf16, %h: vector<2xf16>, %o: vector<3xbf16>, %v: vector<2xbf16>, %i: i32, %p: !llvm.ptr<1>) kernel {
    %c1 = arith.constant 1 : i32
    %f = llvm.extractelement %h[%c1 : i32] : vector<2xf16>
    %g = llvm.extractelement %o[%c1 : i32] : vector<3xbf16>
    %j = llvm.extractelement %v[%i : i32] : vector<2xbf16>
    %x0 = arith.extf %e : bf16 to f32
    %x1 = arith.extf %f : f16 to f32
    %x2 = arith.extf %g : bf16 to f32
    %x3 = arith.extf %j : bf16 to f32
    llvm.store %x0, %p : f32, !llvm.ptr<1>
    llvm.store %x1, %p : f32, !llvm.ptr<1>
    llvm.store %x2, %p : f32, !llvm.ptr<1>
    llvm.store %x3, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}
