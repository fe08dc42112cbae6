// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-outline-programs --verify-diagnostics %s

gpu.module @m {
  // expected-error @+1 {{function 'helper' is no kernel, and the CPU target has no calls}}
  gpu.func @helper(%x: i32) {
    gpu.return
  }
}
