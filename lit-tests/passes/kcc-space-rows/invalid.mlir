// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-space-rows --verify-diagnostics --split-input-file %s

// A view whose strides are not as many as its sizes.
gpu.module @m {
  gpu.func @strides(%p: !kcc.ptr<bf16>, %n: i64) kernel {
    // expected-error @+2 {{}}
    // expected-note @+1 {{see current operation}}
    %v = kcc.view %p, sizes [%n, %n, %n], strides [%n, %n] : !kcc.ptr<bf16> -> !kcc.view<?x?x?xbf16>
    gpu.return
  }
}
