// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-insert-barriers %s | FileCheck %s
// What a span's store reads from scratch must be read before the next step's load writes there.

// CHECK:      scf.for
// CHECK:        kcc.load_span {{.*}}kcc.barrier_before
// CHECK:        kcc.store_span {{.*}}kcc.barrier_before
#L = #kcc.layout<rank = 1, register = [[1], [2]], lane = [[4], [8], [16], [32], [64]], warp = [[128]], block = []>
gpu.module @m {
  gpu.func @f(%x: !kcc.ptr<f16>, %y: !kcc.ptr<f16>, %n: i32) attributes {kcc.num_warps = 2 : i32, kcc.shared_bytes = 1024 : i64} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    scf.for %i = %zero to %n step %one : i32 {
      %t = kcc.load_span %x rows %one columns %n {kcc.shared_offset = 0 : i64, kcc.shared_size = 544 : i64} : !kcc.ptr<f16> -> tensor<256xf16, #L>
      kcc.store_span %t, %y rows %one columns %n {kcc.shared_offset = 0 : i64, kcc.shared_size = 544 : i64} : tensor<256xf16, #L>, !kcc.ptr<f16>
    }
    gpu.return
  }
}
