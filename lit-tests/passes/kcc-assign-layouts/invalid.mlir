// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-assign-layouts --split-input-file --verify-diagnostics %s

gpu.module @m {
  gpu.func @unknown(%x: tensor<8xf32>) kernel attributes {kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : index
    // expected-error @+1 {{no layout is known for the operation tensor.extract}}
    %v = tensor.extract %x[%zero] : tensor<8xf32>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @large(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}) kernel attributes {kcc.num_warps = 1 : i32} {
    %i = kcc.arange : tensor<16384xi32>
    // expected-error @+1 {{a tile of shape [16384] and type f32 needs 512 registers in each of 32 threads; h100 allows 255}}
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<16384xi32> -> tensor<16384xf32>
    kcc.store %v, %x[%i] : tensor<16384xf32>, !kcc.ptr<f32>, tensor<16384xi32>
    gpu.return
  }
}
