// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-atomics %s | FileCheck %s --check-prefixes=CHECK,NVIDIA
// RUN: kcc-opt --target mi300 --kcc-lower-atomics %s | FileCheck %s --check-prefixes=CHECK,AMD

gpu.module @m {
  // A relaxed update under a predicate.
  // CHECK-LABEL: gpu.func @relaxed
  // CHECK:         scf.if %{{.*}} -> (f32) {
  // NVIDIA-NEXT:     llvm.atomicrmw fadd %{{.*}}, %{{.*}} syncscope("device") monotonic : !llvm.ptr<1>, f32
  // AMD-NEXT:        llvm.atomicrmw fadd %{{.*}}, %{{.*}} syncscope("agent") monotonic : !llvm.ptr<1>, f32
  // CHECK-NEXT:      scf.yield
  // CHECK-NEXT:    } else {
  // CHECK-NEXT:      llvm.mlir.poison : f32
  gpu.func @relaxed(%p: !llvm.ptr<1>, %x: f32, %c: i1, %y: !llvm.ptr<1>) kernel {
    %old = kcc.atomic_rmw_element fadd %x, %p if %c {order = #kcc<memory_order relaxed>} : f32, !llvm.ptr<1>
    llvm.store %old, %y : f32, !llvm.ptr<1>
    gpu.return
  }

  // An ordered one: PTX gets fences, because LLVM drops the order there.
  // CHECK-LABEL: gpu.func @ordered
  // NVIDIA-NEXT:   llvm.fence syncscope("block") release
  // NVIDIA-NEXT:   llvm.atomicrmw umax %{{.*}}, %{{.*}} syncscope("block") monotonic
  // NVIDIA-NEXT:   llvm.fence syncscope("block") acquire
  // AMD-NEXT:      llvm.atomicrmw umax %{{.*}}, %{{.*}} syncscope("workgroup") acq_rel
  gpu.func @ordered(%p: !llvm.ptr<1>, %x: i32) kernel {
    %old = kcc.atomic_rmw_element umax %x, %p {scope = #kcc<memory_scope block>} : i32, !llvm.ptr<1>
    gpu.return
  }

  // Floats are compared as bits.
  // CHECK-LABEL: gpu.func @swap
  // CHECK-DAG:     %[[OLD:.*]] = llvm.bitcast %{{.*}} : f32 to i32
  // CHECK-DAG:     %[[NEW:.*]] = llvm.bitcast %{{.*}} : f32 to i32
  // CHECK:         llvm.cmpxchg %{{.*}}, %{{.*}}, %{{.*}} acq_rel acquire : !llvm.ptr<1>, i32
  gpu.func @swap(%p: !llvm.ptr<1>, %x: f32, %z: f32) kernel {
    %old = kcc.atomic_cas_element %x, %z, %p {scope = #kcc<memory_scope system>} : f32, !llvm.ptr<1>
    gpu.return
  }
}
