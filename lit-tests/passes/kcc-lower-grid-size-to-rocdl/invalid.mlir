// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-lower-grid-size-to-rocdl --verify-diagnostics %s

gpu.module @m {
  gpu.func @f() kernel {
    // expected-error @+1 {{the number of blocks needs a known size of blocks}}
    %x = gpu.grid_dim x
    gpu.return
  }
}
