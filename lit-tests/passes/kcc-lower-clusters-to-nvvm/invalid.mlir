// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-clusters-to-nvvm --verify-diagnostics --split-input-file %s

gpu.module @m {
  gpu.func @f() kernel {
    // expected-note @+2 {{see current operation}}
    // expected-error @+1 {{'kcc.cluster_arrive' op needs a function with known_cluster_size}}
    kcc.cluster_arrive
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @f(%p: !llvm.ptr<3>, %block: i32) kernel {
    // expected-note @+2 {{see current operation}}
    // expected-error @+1 {{'kcc.map_shared' op needs a function with known_cluster_size}}
    %there = kcc.map_shared %p, %block : !llvm.ptr<3> -> !llvm.ptr<7>
    gpu.return
  }
}
