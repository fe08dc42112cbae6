// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-order-by-stores %s | FileCheck %s

// Four vectors of weights and biases, and registers for two of each: 1024 threads have 64 registers, of which 28 are for other
// things.
// CHECK-LABEL: gpu.func @f
// CHECK:         gpu.barrier
// CHECK-COUNT-4: llvm.load %{{.*}} : !llvm.ptr<1> -> vector<8xf32>
// CHECK-NEXT:    llvm.load %{{.*}} : !llvm.ptr<3>
// CHECK-COUNT-2: llvm.store
// CHECK-COUNT-4: llvm.load %{{.*}} : !llvm.ptr<1> -> vector<8xf32>
// CHECK-COUNT-2: llvm.store
// CHECK-NEXT:    gpu.return
gpu.module @m {
  gpu.func @f(%w: !llvm.ptr<1>, %b: !llvm.ptr<1>, %y: !llvm.ptr<1>, %s: !llvm.ptr<3>) kernel
      attributes {known_block_size = array<i32: 1024, 1, 1>, kcc.min_blocks = 1 : i32} {
    gpu.barrier
    %w0 = llvm.load %w : !llvm.ptr<1> -> vector<8xf32>
    %w1 = llvm.load %w : !llvm.ptr<1> -> vector<8xf32>
    %w2 = llvm.load %w : !llvm.ptr<1> -> vector<8xf32>
    %w3 = llvm.load %w : !llvm.ptr<1> -> vector<8xf32>
    %b0 = llvm.load %b : !llvm.ptr<1> -> vector<8xf32>
    %b1 = llvm.load %b : !llvm.ptr<1> -> vector<8xf32>
    %b2 = llvm.load %b : !llvm.ptr<1> -> vector<8xf32>
    %b3 = llvm.load %b : !llvm.ptr<1> -> vector<8xf32>
    %scale = llvm.load %s : !llvm.ptr<3> -> vector<8xf32>
    %p0 = arith.mulf %w0, %scale : vector<8xf32>
    %p1 = arith.mulf %w1, %scale : vector<8xf32>
    %p2 = arith.mulf %w2, %scale : vector<8xf32>
    %p3 = arith.mulf %w3, %scale : vector<8xf32>
    %s0 = arith.addf %p0, %b0 : vector<8xf32>
    %s1 = arith.addf %p1, %b1 : vector<8xf32>
    %s2 = arith.addf %p2, %b2 : vector<8xf32>
    %s3 = arith.addf %p3, %b3 : vector<8xf32>
    llvm.store %s0, %y : vector<8xf32>, !llvm.ptr<1>
    llvm.store %s1, %y : vector<8xf32>, !llvm.ptr<1>
    llvm.store %s2, %y : vector<8xf32>, !llvm.ptr<1>
    llvm.store %s3, %y : vector<8xf32>, !llvm.ptr<1>
    gpu.return
  }
}
