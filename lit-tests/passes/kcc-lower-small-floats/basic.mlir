// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-small-floats %s | FileCheck %s --check-prefixes=CHECK,NVIDIA
// RUN: kcc-opt --target mi355 --kcc-lower-small-floats %s | FileCheck %s --check-prefixes=CHECK,CDNA4
// RUN: kcc-opt --target mi300 --kcc-lower-small-floats %s | FileCheck %s --check-prefixes=CHECK,CDNA3

gpu.module @m {
  // CHECK-LABEL: gpu.func @convert(%{{.*}}: i8, %{{.*}}: f32, %{{.*}}: !llvm.ptr<1>)
  // NVIDIA:        llvm.call_intrinsic "llvm.nvvm.e4m3x2.to.f16x2.rn"
  // CDNA4:         llvm.call_intrinsic "llvm.amdgcn.cvt.f32.fp8"
  // CDNA3-NOT:     call_intrinsic
  // NVIDIA:        llvm.call_intrinsic "llvm.nvvm.ff.to.e5m2x2.rn"
  // CDNA4:         llvm.call_intrinsic "llvm.amdgcn.cvt.pk.bf8.f32"
  // CHECK-NOT:     f8E
  gpu.func @convert(%x: f8E4M3FN, %y: f32, %p: !llvm.ptr<1>) kernel {
    %a = arith.extf %x : f8E4M3FN to f32
    %b = arith.addf %a, %y : f32
    %c = arith.truncf %b : f32 to f8E5M2
    %d = arith.bitcast %c : f8E5M2 to i8
    llvm.store %d, %p : i8, !llvm.ptr<1>
    gpu.return
  }

  // Moves keep their operations, constants become bytes (1.0 is 0x38 in e4m3).
  // CHECK-LABEL: gpu.func @move
  // CHECK:         %[[ONE:.*]] = arith.constant 56 : i8
  // CHECK:         %[[R:.*]] = scf.if %{{.*}} -> (i8) {
  // CHECK:         arith.select %{{.*}}, %[[R]], %[[ONE]] : i8
  gpu.func @move(%x: f8E4M3FN, %c: i1, %p: !llvm.ptr<1>) kernel {
    %one = arith.constant 1.0 : f8E4M3FN
    %r = scf.if %c -> (f8E4M3FN) {
      scf.yield %x : f8E4M3FN
    } else {
      scf.yield %one : f8E4M3FN
    }
    %s = arith.select %c, %r, %one : f8E4M3FN
    %d = arith.bitcast %s : f8E4M3FN to i8
    llvm.store %d, %p : i8, !llvm.ptr<1>
    gpu.return
  }

  // Arithmetic goes through f32.
  // CHECK-LABEL: gpu.func @arithmetic
  // CHECK:         arith.mulf %{{.*}}, %{{.*}} : f32
  // CHECK-NOT:     f8E
  gpu.func @arithmetic(%x: f8E5M2, %p: !llvm.ptr<1>) kernel {
    %y = arith.mulf %x, %x : f8E5M2
    %d = arith.bitcast %y : f8E5M2 to i8
    llvm.store %d, %p : i8, !llvm.ptr<1>
    gpu.return
  }
}
