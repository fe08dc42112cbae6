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

  // expected-remark @+1 {{4 registers of each thread wait at barriers, and with narrow elements packed 4; no more blocks fit}}
  gpu.func @wide(%x: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 1024, 1, 1>} {
    %block = gpu.block_id x
    %i = arith.index_cast %block : index to i64
    %p = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, vector<4xf32>
    %v = llvm.load %p {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
    gpu.barrier
    llvm.store %v, %p {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
    gpu.return
  }

  // What a loop has added up waits, as the sums of a matrix product do; nothing is on its way from memory meanwhile.
  // expected-remark @+1 {{nothing is loaded before the first barrier but in loops}}
  gpu.func @summed(%x: !llvm.ptr<1>, %n: i32) kernel attributes {known_block_size = array<i32: 1024, 1, 1>} {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %zero = arith.constant dense<0.0> : vector<8xf32>
    %sum = scf.for %j = %c0 to %n step %c1 iter_args(%s = %zero) -> (vector<8xf32>) : i32 {
      %v = llvm.load %x {alignment = 16 : i64} : !llvm.ptr<1> -> vector<8xf32>
      %t = arith.addf %s, %v : vector<8xf32>
      scf.yield %t : vector<8xf32>
    }
    gpu.barrier
    llvm.store %sum, %x {alignment = 16 : i64} : vector<8xf32>, !llvm.ptr<1>
    gpu.return
  }
}
