// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi355 --kcc-widen-factors %s | FileCheck %s --check-prefixes=CHECK,KNOWN
// RUN: kcc-opt --target mi300 --kcc-widen-factors %s | FileCheck %s

gpu.module @m {
  // CDNA 4 multiplies these formats.
  // CHECK-LABEL: gpu.func @small
  // KNOWN-NOT:     arith.extf %{{.*}} : tensor
  gpu.func @small(%a: tensor<64x32xf8E4M3FN>, %b: tensor<32x64xf8E5M2>, %c: tensor<64x64xf32>) kernel {
    %d = linalg.matmul ins(%a, %b : tensor<64x32xf8E4M3FN>, tensor<32x64xf8E5M2>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
    gpu.return
  }

  // Integers and wider floats stay what they are, with a matrix instruction or without.
  // CHECK-LABEL: gpu.func @others
  // CHECK:         linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<64x32xi8>
  // CHECK:         linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<64x32xi32>
  // CHECK:         linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<64x32xf16>
  gpu.func @others(%a: tensor<64x32xi8>, %b: tensor<32x64xi8>, %c: tensor<64x64xi32>, %x: tensor<64x32xi32>,
      %y: tensor<32x64xi32>, %v: tensor<64x32xf16>, %w: tensor<32x64xf16>, %z: tensor<64x64xf32>) kernel {
    %d = linalg.matmul ins(%a, %b : tensor<64x32xi8>, tensor<32x64xi8>) outs(%c : tensor<64x64xi32>) -> tensor<64x64xi32>
    %e = linalg.matmul ins(%x, %y : tensor<64x32xi32>, tensor<32x64xi32>) outs(%c : tensor<64x64xi32>) -> tensor<64x64xi32>
    %f = linalg.matmul ins(%v, %w : tensor<64x32xf16>, tensor<32x64xf16>) outs(%z : tensor<64x64xf32>) -> tensor<64x64xf32>
    gpu.return
  }
}
