// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-clusters-to-nvvm %s | FileCheck %s

// CHECK-LABEL: gpu.func @f
// CHECK-NEXT:    llvm.call_intrinsic "llvm.nvvm.barrier.cluster.arrive.aligned"() : () -> ()
// CHECK-NEXT:    %[[THERE:.*]] = llvm.call_intrinsic "llvm.nvvm.mapa.shared.cluster"({{.*}}) : (!llvm.ptr<3>, i32) -> !llvm.ptr<7>
// CHECK-NEXT:    llvm.call_intrinsic "llvm.nvvm.barrier.cluster.wait.aligned"() : () -> ()
// CHECK-NEXT:    llvm.store {{.*}}, %[[THERE]]
gpu.module @m {
  gpu.func @f(%p: !llvm.ptr<3>, %block: i32, %v: f32) kernel attributes {known_cluster_size = array<i32: 4, 1, 1>} {
    kcc.cluster_arrive
    %there = kcc.map_shared %p, %block : !llvm.ptr<3> -> !llvm.ptr<7>
    kcc.cluster_wait
    llvm.store %v, %there : f32, !llvm.ptr<7>
    gpu.return
  }
}
