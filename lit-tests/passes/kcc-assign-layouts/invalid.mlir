// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-assign-layouts --verify-diagnostics %s

gpu.module @m {
  gpu.func @unknown(%x: tensor<8xf32>) kernel attributes {kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : index
    // expected-error @+1 {{no layout is known for the operation tensor.extract}}
    %v = tensor.extract %x[%zero] : tensor<8xf32>
    gpu.return
  }
}
