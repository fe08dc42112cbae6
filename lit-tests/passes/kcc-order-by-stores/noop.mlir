// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-order-by-stores --verify-diagnostics %s | FileCheck %s

gpu.module @m {
  // CHECK-LABEL: gpu.func @fits
  // CHECK:         gpu.barrier
  // CHECK-COUNT-2: llvm.load
  // CHECK-COUNT-2: llvm.store
  // expected-remark @below {{all 4 registers that are loaded behind the last barrier fit}}
  gpu.func @fits(%w: !llvm.ptr<1>, %y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    gpu.barrier
    %a = llvm.load %w : !llvm.ptr<1> -> vector<2xf32>
    %b = llvm.load %w : !llvm.ptr<1> -> vector<2xf32>
    llvm.store %a, %y : vector<2xf32>, !llvm.ptr<1>
    llvm.store %b, %y : vector<2xf32>, !llvm.ptr<1>
    gpu.return
  }

  // expected-remark @below {{no stores in turn behind a barrier}}
  gpu.func @one(%w: !llvm.ptr<1>, %y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    gpu.barrier
    %a = llvm.load %w : !llvm.ptr<1> -> vector<2xf32>
    llvm.store %a, %y : vector<2xf32>, !llvm.ptr<1>
    gpu.return
  }

  // expected-remark @below {{memory changes behind the last barrier other than by stores of vectors}}
  gpu.func @atomic(%w: !llvm.ptr<1>, %y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    gpu.barrier
    %a = llvm.load %w : !llvm.ptr<1> -> f32
    %old = llvm.atomicrmw fadd %y, %a monotonic : !llvm.ptr<1>, f32
    llvm.store %a, %y : f32, !llvm.ptr<1>
    llvm.store %old, %y : f32, !llvm.ptr<1>
    gpu.return
  }
}
