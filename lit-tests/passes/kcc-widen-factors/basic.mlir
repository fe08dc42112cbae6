// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --verify-diagnostics --kcc-widen-factors %s | FileCheck %s

gpu.module @m {
  // Two formats of 8 bits meet in f16, which has the values of both.
  // CHECK-LABEL: gpu.func @mixed
  // CHECK-SAME:    (%[[A:.*]]: tensor<64x32xf8E4M3FN>, %[[B:.*]]: tensor<32x64xf8E5M2>, %[[C:.*]]: tensor<64x64xf32>)
  // CHECK:         %[[X:.*]] = arith.extf %[[A]] : tensor<64x32xf8E4M3FN> to tensor<64x32xf16>
  // CHECK:         %[[Y:.*]] = arith.extf %[[B]] : tensor<32x64xf8E5M2> to tensor<32x64xf16>
  // CHECK:         linalg.matmul ins(%[[X]], %[[Y]] : tensor<64x32xf16>, tensor<32x64xf16>) outs(%[[C]] : tensor<64x64xf32>)
  gpu.func @mixed(%a: tensor<64x32xf8E4M3FN>, %b: tensor<32x64xf8E5M2>, %c: tensor<64x64xf32>) kernel {
    // expected-remark @+1 {{kcc-widen-factors: no matrix instruction multiplies factors of these types: they are converted to f16}}
    %d = linalg.matmul ins(%a, %b : tensor<64x32xf8E4M3FN>, tensor<32x64xf8E5M2>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
    gpu.return
  }
}
