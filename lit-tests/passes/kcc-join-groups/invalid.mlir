// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --verify-diagnostics --split-input-file --kcc-join-groups %s

gpu.module @m {
  // expected-error @+1 {{kernel 'wide' starts groups of 1152 threads; a block on h100 has at most 1024}}
  gpu.func @wide(%x: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    kcc.start @g(%x) warps 4 instances 9 : i32
    gpu.return
  }
  gpu.func @g(%x: i32, %i: i32) attributes {kcc.group, kcc.num_warps = 4 : i32} {
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-error @+1 {{kernel 'meets' needs 17 barriers; a block on h100 has 16}}
  gpu.func @meets(%x: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    kcc.start @g(%x) warps 1 instances 16 : i32
    gpu.return
  }
  gpu.func @g(%x: i32, %i: i32) attributes {kcc.group, kcc.num_warps = 1 : i32} {
    gpu.barrier
    gpu.return
  }
}
