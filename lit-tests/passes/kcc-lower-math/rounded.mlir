// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-math %s | FileCheck %s
// What is rounded to 16 bits in the end takes fewer instructions.

gpu.module @m {
  // y sigmoid(1.702 y): the exponential's argument is one product, the reciprocal one instruction.
  // CHECK-LABEL: gpu.func @gelu
  // CHECK-DAG:     %[[FACTOR:.*]] = arith.constant -2.45546{{.*}} : f32
  // CHECK:         %[[T:.*]] = arith.mulf %{{.*}}, %[[FACTOR]] : f32
  // CHECK-NEXT:    %[[E:.*]] = llvm.call_intrinsic "llvm.nvvm.ex2.approx.ftz.f"(%[[T]])
  // CHECK-NEXT:    %[[D:.*]] = arith.addf %[[E]], %{{.*}}
  // CHECK-NEXT:    %[[S:.*]] = llvm.call_intrinsic "llvm.nvvm.rcp.approx.ftz.f"(%[[D]])
  // CHECK-NEXT:    arith.mulf %{{.*}}, %[[S]]
  gpu.func @gelu(%y: f32, %p: !llvm.ptr<1>) kernel {
    %one = arith.constant 1.0 : f32
    %c = arith.constant 1.702 : f32
    %z = arith.mulf %y, %c : f32
    %n = arith.negf %z : f32
    %e = math.exp %n : f32
    %d = arith.addf %one, %e : f32
    %s = arith.divf %one, %d : f32
    %g = arith.mulf %y, %s : f32
    %r = arith.truncf %g : f32 to bf16
    llvm.store %r, %p : bf16, !llvm.ptr<1>
    gpu.return
  }

  // A store of all bits, beside the rounded one.
  // CHECK-LABEL: gpu.func @also_stored
  // CHECK:         math.fma
  // CHECK:         ex2.approx
  gpu.func @also_stored(%x: f32, %p: !llvm.ptr<1>, %q: !llvm.ptr<1>) kernel {
    %e = math.exp %x : f32
    %r = arith.truncf %e : f32 to f16
    llvm.store %r, %p : f16, !llvm.ptr<1>
    llvm.store %e, %q : f32, !llvm.ptr<1>
    gpu.return
  }

  // exp(x) - 1 is nearly 0 where x is: the difference is made of the last bits.
  // CHECK-LABEL: gpu.func @difference
  // CHECK:         math.fma
  // CHECK:         ex2.approx
  gpu.func @difference(%x: f32, %p: !llvm.ptr<1>) kernel {
    %one = arith.constant -1.0 : f32
    %e = math.exp %x : f32
    %d = arith.addf %e, %one : f32
    %r = arith.truncf %d : f32 to f16
    llvm.store %r, %p : f16, !llvm.ptr<1>
    gpu.return
  }

  // A comparison sees all bits.
  // CHECK-LABEL: gpu.func @compared
  // CHECK:         math.fma
  // CHECK:         ex2.approx
  gpu.func @compared(%x: f32, %y: f32, %p: !llvm.ptr<1>) kernel {
    %e = math.exp %x : f32
    %c = arith.cmpf olt, %e, %y : f32
    %s = arith.select %c, %e, %y : f32
    %r = arith.truncf %s : f32 to f16
    llvm.store %r, %p : f16, !llvm.ptr<1>
    gpu.return
  }

  // A divisor that may be tiny has an infinite reciprocal where denormal numbers count as 0.
  // CHECK-LABEL: gpu.func @any_divisor
  // CHECK:         arith.divf {{.*}} fastmath<afn>
  gpu.func @any_divisor(%x: f32, %p: !llvm.ptr<1>) kernel {
    %one = arith.constant 1.0 : f32
    %s = arith.divf %one, %x : f32
    %r = arith.truncf %s : f32 to bf16
    llvm.store %r, %p : bf16, !llvm.ptr<1>
    gpu.return
  }
}
