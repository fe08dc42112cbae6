// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-math --verify-diagnostics %s

gpu.module @m {
  gpu.func @double(%x: f64, %p: !llvm.ptr<1>) kernel {
    // expected-error @+1 {{exp of f64 is not available on GPUs}}
    %y = math.exp %x : f64
    llvm.store %y, %p : f64, !llvm.ptr<1>
    gpu.return
  }
}
