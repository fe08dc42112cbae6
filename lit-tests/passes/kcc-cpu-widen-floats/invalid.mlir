// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-widen-floats --verify-diagnostics %s

gpu.module @m {
  gpu.func @f(%x: !kcc.ptr<f32>) kernel {
    // expected-error @+1 {{a tile constant with several values has no reference in f64 yet}}
    %c = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
    gpu.return
  }
}
