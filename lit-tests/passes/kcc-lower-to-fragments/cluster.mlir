// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-allocate-shared --kcc-insert-barriers --kcc-lower-to-fragments --canonicalize --cse %s \
// RUN:   | FileCheck %s

#row = #kcc.layout<rank = 1, register = [[1], [2]], lane = [[4], [8], [16], [32], [64]], warp = [], block = [[128], [256]]>

// Blocks say at the start that they have begun, push what they have into the slots of all, and meet. A program is a cluster.
// CHECK-LABEL: gpu.func @sum
// CHECK-SAME:    known_cluster_size = array<i32: 4, 1, 1>
// CHECK-DAG:     %[[THREAD:.*]] = arith.index_cast %thread_id_x
// CHECK-DAG:     gpu.cluster_block_id  x
// CHECK:         kcc.cluster_arrive
// CHECK:         gpu.cluster_id  x
// CHECK:         kcc.cluster_wait
// CHECK:         scf.if
// CHECK:           kcc.map_shared %{{.*}}, %[[THREAD]] : <3> -> <7>
// CHECK:           llvm.store %{{.*}} : f32, !llvm.ptr<7>
// CHECK:         kcc.cluster_arrive
// CHECK-NEXT:    kcc.cluster_wait
// CHECK-NEXT:    llvm.load {{.*}} : !llvm.ptr<3> -> vector<4xf32>
// CHECK-NOT:     kcc.cluster
gpu.module @m {
  gpu.func @sum(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, %y: !kcc.ptr<f32>) kernel
      attributes {kcc.num_warps = 1 : i32, kcc.cluster_blocks = 4 : i32} {
    %id = kcc.program_id 0
    %i = kcc.arange : tensor<512xi32, #row>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<512xi32, #row> -> tensor<512xf32, #row>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %p = linalg.reduce ins(%v : tensor<512xf32, #row>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %p[] : tensor<f32>
    kcc.store %s, %y[%id] : f32, !kcc.ptr<f32>, i32
    gpu.return
  }
}
