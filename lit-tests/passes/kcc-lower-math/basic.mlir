// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-math %s | FileCheck %s --check-prefixes=CHECK,NVIDIA
// RUN: kcc-opt --target mi300 --kcc-lower-math %s | FileCheck %s --check-prefixes=CHECK,AMD

gpu.module @m {
  // What rounding x * log2(e) loses is put back, except where the result overflows anyway.
  // CHECK-LABEL: gpu.func @exp
  // CHECK:         %[[T:.*]] = arith.mulf %[[X:.*]], %{{.*}} : f32
  // CHECK:         math.fma %[[X]]
  // CHECK:         %[[SMALL:.*]] = arith.cmpf olt
  // CHECK:         %[[FACTOR:.*]] = arith.select %[[SMALL]]
  // NVIDIA:        %[[POWER:.*]] = llvm.call_intrinsic "llvm.nvvm.ex2.approx.ftz.f"(%[[T]])
  // AMD:           %[[POWER:.*]] = llvm.call_intrinsic "llvm.amdgcn.exp2"(%[[T]])
  // CHECK:         arith.mulf %[[POWER]], %[[FACTOR]]
  gpu.func @exp(%x: f32, %p: !llvm.ptr<1>) kernel {
    %y = math.exp %x : f32
    llvm.store %y, %p : f32, !llvm.ptr<1>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @quotient
  // NVIDIA:        llvm.call_intrinsic "llvm.nvvm.rsqrt.approx.f"
  // NVIDIA:        llvm.call_intrinsic "llvm.nvvm.div.full"
  // AMD:           llvm.call_intrinsic "llvm.amdgcn.rsq.f32"
  // AMD:           arith.divf {{.*}} fastmath<afn>
  gpu.func @quotient(%x: f32, %p: !llvm.ptr<1>) kernel {
    %r = math.rsqrt %x : f32
    %y = arith.divf %x, %r : f32
    llvm.store %y, %p : f32, !llvm.ptr<1>
    gpu.return
  }

  // Half precision is computed in single precision; polynomials leave no call behind.
  // CHECK-LABEL: gpu.func @half
  // CHECK:         arith.extf %{{.*}} : f16 to f32
  // CHECK-NOT:     math.{{tanh|erf|log|sin|cos|powf|exp}}
  // CHECK:         arith.truncf %{{.*}} : f32 to f16
  // CHECK:         gpu.return
  gpu.func @half(%x: f16, %p: !llvm.ptr<1>) kernel {
    %a = math.tanh %x : f16
    %b = math.erf %a : f16
    %c = math.log %b : f16
    %d = math.sin %c : f16
    %e = math.powf %d, %x : f16
    llvm.store %e, %p : f16, !llvm.ptr<1>
    gpu.return
  }

  // Reciprocals are one instruction on NVIDIA as well.
  // CHECK-LABEL: gpu.func @reciprocal
  // CHECK:         arith.divf {{.*}} fastmath<afn>
  gpu.func @reciprocal(%x: f32, %p: !llvm.ptr<1>) kernel {
    %one = arith.constant 1.0 : f32
    %y = arith.divf %one, %x : f32
    llvm.store %y, %p : f32, !llvm.ptr<1>
    gpu.return
  }

  // Two polynomials, of which one is taken: no branch, no call.
  // CHECK-LABEL: gpu.func @erf
  // CHECK-COUNT-11: math.fma
  // CHECK:         %[[FAR:.*]] = arith.subf
  // CHECK:         %[[BOTH:.*]] = arith.select %{{.*}}, %{{.*}}, %[[FAR]]
  // CHECK:         math.copysign %[[BOTH]], %{{.*}} : f32
  // NVIDIA-NOT:    llvm.intr.exp2
  gpu.func @erf(%x: f32, %p: !llvm.ptr<1>) kernel {
    %y = math.erf %x : f32
    llvm.store %y, %p : f32, !llvm.ptr<1>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @tanh
  // NVIDIA:        llvm.call_intrinsic "llvm.nvvm.ex2.approx.ftz.f"
  // NVIDIA:        llvm.call_intrinsic "llvm.nvvm.rcp.approx.ftz.f"
  // AMD:           llvm.call_intrinsic "llvm.amdgcn.exp2"
  // AMD:           llvm.call_intrinsic "llvm.amdgcn.rcp"
  // CHECK:         math.copysign
  gpu.func @tanh(%x: f32, %p: !llvm.ptr<1>) kernel {
    %y = math.tanh %x : f32
    llvm.store %y, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}
