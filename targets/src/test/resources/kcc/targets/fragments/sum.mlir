// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sum of a block: lanes by shuffles, warps through shared memory, blocks by an atomic.
gpu.module @sum {
  gpu.func @sum(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>) kernel
      attributes {known_block_size = array<i32: 256, 1, 1>, kcc.shared_bytes = 64 : i64} {
    %tid = gpu.thread_id x
    %t = arith.index_cast %tid : index to i32
    %px = llvm.getelementptr %x[%t] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
    %v = llvm.load %px : !llvm.ptr<1> -> f32
    %c16 = arith.constant 16 : i32
    %lanes = arith.constant LANES : i32
    %bits = arith.bitcast %v : f32 to i32
    %other, %valid = gpu.shuffle xor %bits, %c16, %lanes : i32
    %o = arith.bitcast %other : i32 to f32
    %s = arith.addf %v, %o : f32
    %shared = kcc.shared_base : !llvm.ptr<3>
    %warp = arith.divui %t, %lanes : i32
    %slot = llvm.getelementptr %shared[%warp] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    llvm.store %s, %slot {alignment = 4 : i64} : f32, !llvm.ptr<3>
    gpu.barrier
    %first = llvm.load %shared {alignment = 4 : i64} : !llvm.ptr<3> -> f32
    %zero = arith.constant 0 : i32
    %lead = arith.cmpi eq, %t, %zero : i32
    kcc.assert %lead, "only here" : i1
    %e = math.exp %first : f32
    %h = arith.truncf %e : f32 to bf16
    %w = arith.extf %h : bf16 to f32
    %m = arith.maximumf %w, %s : f32
    %old = kcc.atomic_rmw_element fadd %m, %y if %lead {order = #kcc<memory_order relaxed>, scope = #kcc<memory_scope device>} : f32, !llvm.ptr<1>
    %old2 = kcc.atomic_rmw_element fmax %old, %y {order = #kcc<memory_order acq_rel>, scope = #kcc<memory_scope device>} : f32, !llvm.ptr<1>
    %old3 = kcc.atomic_rmw_element umin %t, %y if %lead {order = #kcc<memory_order acq_rel>, scope = #kcc<memory_scope block>} : i32, !llvm.ptr<1>
    %old4 = kcc.atomic_cas_element %t, %old3, %y if %lead {order = #kcc<memory_order acq_rel>, scope = #kcc<memory_scope system>} : i32, !llvm.ptr<1>
    llvm.store %old4, %px : i32, !llvm.ptr<1>
    gpu.return
  }
}
