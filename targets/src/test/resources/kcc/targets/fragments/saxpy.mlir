// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// y = a * x + y for four neighbours a thread, ragged end.
gpu.module @saxpy {
  gpu.func @saxpy(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %a: f32, %n: i64) kernel
      attributes {known_block_size = array<i32: 128, 1, 1>, kcc.shared_bytes = 0 : i64} {
    %tid = gpu.thread_id x
    %bid = gpu.block_id x
    %t = arith.index_cast %tid : index to i64
    %b = arith.index_cast %bid : index to i64
    %c512 = arith.constant 512 : i64
    %c4 = arith.constant 4 : i64
    %base = arith.muli %b, %c512 : i64
    %off = arith.muli %t, %c4 : i64
    %i = arith.addi %base, %off : i64
    %in = arith.cmpi slt, %i, %n : i64
    %px = llvm.getelementptr %x[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %py = llvm.getelementptr %y[%i] : (!llvm.ptr<1>, i64) -> !llvm.ptr<1>, f32
    %ones = arith.constant dense<1.0> : vector<4xf32>
    %vx = kcc.load_vector %px if %in else %ones {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
    %vy = kcc.load_vector %py if %in {alignment = 16 : i64, cache = #kcc<cache_hint streaming>} : !llvm.ptr<1> -> vector<4xf32>
    %va = vector.broadcast %a : f32 to vector<4xf32>
    %p = arith.mulf %va, %vx : vector<4xf32>
    %s = arith.addf %p, %vy : vector<4xf32>
    kcc.store_vector %s, %py if %in {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
    gpu.return
  }
}
