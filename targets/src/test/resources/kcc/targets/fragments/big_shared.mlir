// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// More shared memory than a kernel can declare on NVIDIA GPUs.
gpu.module @big {
  gpu.func @big(%x: !llvm.ptr<1>) kernel
      attributes {known_block_size = array<i32: 128, 1, 1>, kcc.shared_bytes = BYTES : i64} {
    %tid = gpu.thread_id x
    %t = arith.index_cast %tid : index to i32
    %shared = kcc.shared_base : !llvm.ptr<3>
    %slot = llvm.getelementptr %shared[%t] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    llvm.store %t, %slot {alignment = 4 : i64} : i32, !llvm.ptr<3>
    gpu.barrier
    %v = llvm.load %shared {alignment = 4 : i64} : !llvm.ptr<3> -> i32
    llvm.store %v, %x : i32, !llvm.ptr<1>
    gpu.return
  }
}
