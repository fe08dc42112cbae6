// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-bound-registers --verify-diagnostics %s | FileCheck %s

// CHECK-NOT: kcc.min_blocks
// CHECK-NOT: llvm.inline_asm

gpu.module @m {
  // Nobody waits.
  gpu.func @elementwise(%x: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
    %v = llvm.load %x {alignment = 16 : i64} : !llvm.ptr<1> -> vector<8xbf16>
    llvm.store %v, %x {alignment = 16 : i64} : vector<8xbf16>, !llvm.ptr<1>
    gpu.return
  }

  // expected-remark @+1 {{8 registers of each thread wait at barriers, and with narrow elements packed 8; no more blocks fit}}
  gpu.func @wide(%x: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 1024, 1, 1>} {
    %v = llvm.load %x {alignment = 16 : i64} : !llvm.ptr<1> -> vector<8xf32>
    gpu.barrier
    llvm.store %v, %x {alignment = 16 : i64} : vector<8xf32>, !llvm.ptr<1>
    gpu.return
  }
}
