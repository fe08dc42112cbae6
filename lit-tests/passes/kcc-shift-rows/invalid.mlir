// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-shift-rows --verify-diagnostics --split-input-file %s

// What the pass writes, wrong.
gpu.module @m {
  // expected-note @+1 {{prior use here}}
  gpu.func @mask(%p: !kcc.ptr<bf16>, %o: tensor<64xi32>, %m: tensor<32xi1>) kernel {
    // expected-error @+1 {{use of value '%m' expects different type}}
    %t = kcc.load %p[%o] mask %m {kcc.window} : <bf16>, tensor<64xi32> -> tensor<64xbf16>
    gpu.return
  }
}
