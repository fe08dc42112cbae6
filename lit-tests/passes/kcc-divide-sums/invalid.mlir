// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-divide-sums --split-input-file --verify-diagnostics %s

gpu.module @m {
  // expected-error @+1 {{kcc.divide_sums = 6: the blocks of a cluster on h100 are a power of two from 2 to 8}}
  gpu.func @six() kernel attributes {kcc.divide_sums = 6 : i32} {
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @parts(%x: tensor<64x128xf32>) attributes {kcc.sum_blocks = 8 : i32} {
    // expected-note @+2 {{see current operation}}
    // expected-error @+1 {{gives each of 8 blocks 'tensor<16x128xf32>' of 'tensor<64x128xf32>'}}
    %y = kcc.reduce_scatter %x : tensor<64x128xf32> -> tensor<16x128xf32>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @alone(%x: tensor<64x128xf32>) {
    // expected-note @+2 {{see current operation}}
    // expected-error @+1 {{needs a function with kcc.sum_blocks}}
    %y = kcc.reduce_scatter %x : tensor<64x128xf32> -> tensor<8x128xf32>
    gpu.return
  }
}
