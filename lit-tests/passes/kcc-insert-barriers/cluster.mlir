// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-insert-barriers %s | FileCheck %s

#row = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [[32], [64]], block = [[128], [256]]>

gpu.module @m {
  // The slots are written again by whoever is ahead: all blocks wait, and that is a barrier of the block too.
  // CHECK-LABEL: gpu.func @loop
  // CHECK:         linalg.reduce {{.*}} {kcc.cluster_barrier_before, kcc.shared_offset
  gpu.func @loop(%n: i32) kernel attributes {kcc.num_warps = 4 : i32, kcc.cluster_blocks = 4 : i32} {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %zero = arith.constant dense<0> : tensor<i32>
    %i = kcc.arange : tensor<512xi32, #row>
    scf.for %k = %c0 to %n step %c1 : i32 {
      %s = linalg.reduce ins(%i : tensor<512xi32, #row>) outs(%zero : tensor<i32>) dimensions = [0]
        {kcc.shared_offset = 0 : i64, kcc.shared_size = 16 : i64, kcc.slots_offset = 16 : i64, kcc.slots_size = 16 : i64}
        (%a: i32, %b: i32) { %r = arith.addi %a, %b : i32 linalg.yield %r : i32 }
    }
    gpu.return
  }

  // Two take turns: the barrier inside of the second ends the reads of the first, of scratch and of slots.
  // CHECK-LABEL: gpu.func @turns
  // CHECK-NOT:     barrier_before
  gpu.func @turns(%n: i32) kernel attributes {kcc.num_warps = 4 : i32, kcc.cluster_blocks = 4 : i32} {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %zero = arith.constant dense<0> : tensor<i32>
    %i = kcc.arange : tensor<512xi32, #row>
    scf.for %k = %c0 to %n step %c1 : i32 {
      %s = linalg.reduce ins(%i : tensor<512xi32, #row>) outs(%zero : tensor<i32>) dimensions = [0]
        {kcc.shared_offset = 0 : i64, kcc.shared_size = 16 : i64, kcc.slots_offset = 16 : i64, kcc.slots_size = 16 : i64}
        (%a: i32, %b: i32) { %r = arith.addi %a, %b : i32 linalg.yield %r : i32 }
      %t = linalg.reduce ins(%i : tensor<512xi32, #row>) outs(%zero : tensor<i32>) dimensions = [0]
        {kcc.shared_offset = 0 : i64, kcc.shared_size = 16 : i64, kcc.slots_offset = 32 : i64, kcc.slots_size = 16 : i64}
        (%a: i32, %b: i32) { %r = arith.addi %a, %b : i32 linalg.yield %r : i32 }
    }
    gpu.return
  }

  // Another block wrote these elements.
  // CHECK-LABEL: gpu.func @back
  // CHECK:         kcc.store
  // CHECK:         kcc.load {{.*}} {kcc.cluster_barrier_before}
  gpu.func @back(%p: !kcc.ptr<i32>) kernel attributes {kcc.num_warps = 4 : i32, kcc.cluster_blocks = 4 : i32} {
    %i = kcc.arange : tensor<512xi32, #row>
    %last = arith.constant dense<511> : tensor<512xi32, #row>
    %j = arith.subi %last, %i : tensor<512xi32, #row>
    kcc.store %i, %p[%i] : tensor<512xi32, #row>, !kcc.ptr<i32>, tensor<512xi32, #row>
    %v = kcc.load %p[%j] : !kcc.ptr<i32>, tensor<512xi32, #row> -> tensor<512xi32, #row>
    gpu.return
  }
}
