// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-widen-bf16 %s | FileCheck %s

gpu.module @m {
  // CHECK-LABEL: gpu.func @halves
  // CHECK-SAME:    %[[V:[a-z0-9]+]]: vector<8xbf16>
  // CHECK:         %[[W:.*]] = llvm.bitcast %[[V]] : vector<8xbf16> to vector<4xi32>
  // CHECK:         %[[E:.*]] = llvm.extractelement %[[W]][%{{.*}} : i32] : vector<4xi32>
  // CHECK:         %[[L:.*]] = arith.shli %[[E]], %c16_i32
  // CHECK:         arith.bitcast %[[L]] : i32 to f32
  // CHECK:         %[[U:.*]] = arith.andi %{{.*}}, %c-65536_i32
  // CHECK:         arith.bitcast %[[U]] : i32 to f32
  // CHECK-NOT:     arith.extf
  gpu.func @halves(%v: vector<8xbf16>, %p: !llvm.ptr<1>) kernel {
    %c4 = arith.constant 4 : i32
    %c7 = arith.constant 7 : i32
    %e = llvm.extractelement %v[%c4 : i32] : vector<8xbf16>
    %f = llvm.extractelement %v[%c7 : i32] : vector<8xbf16>
    %x = arith.extf %e : bf16 to f32
    %y = arith.extf %f : bf16 to f32
    %s = arith.addf %x, %y : f32
    llvm.store %s, %p : f32, !llvm.ptr<1>
    gpu.return
  }

  // One word.
  // CHECK-LABEL: gpu.func @pair
  // CHECK:         %[[W:.*]] = llvm.bitcast %{{.*}} : vector<2xbf16> to i32
  // CHECK:         arith.andi %[[W]]
  gpu.func @pair(%v: vector<2xbf16>, %p: !llvm.ptr<1>) kernel {
    %c1 = arith.constant 1 : i32
    %e = llvm.extractelement %v[%c1 : i32] : vector<2xbf16>
    %x = arith.extf %e : bf16 to f32
    llvm.store %x, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}
