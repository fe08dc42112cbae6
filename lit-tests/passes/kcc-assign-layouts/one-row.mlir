// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-assign-layouts --kcc-allocate-shared %s | FileCheck %s

gpu.module @m {
  // A row at an odd address is read element by element; weights that no shared memory could move to where the row's
  // elements are, are read there.
  // CHECK-LABEL: gpu.func @weights
  // CHECK-SAME:    kcc.shared_bytes = 0 : i64
  // CHECK-NOT:     kcc.convert_layout
  // CHECK:         gpu.return
  gpu.func @weights(%x: !kcc.ptr<bf16>, %w: !kcc.ptr<bf16> {kcc.divisibility = 16 : i64}) kernel
      attributes {kcc.num_warps = 8 : i32} {
    %i = kcc.arange : tensor<32768xi32>
    %r = kcc.reshape %i : tensor<32768xi32> -> tensor<1x32768xi32>
    %a = kcc.load %x[%r] : !kcc.ptr<bf16>, tensor<1x32768xi32> -> tensor<1x32768xbf16>
    %b = kcc.load %w[%i] : !kcc.ptr<bf16>, tensor<32768xi32> -> tensor<32768xbf16>
    %c = arith.extf %b : tensor<32768xbf16> to tensor<32768xf32>
    %d = kcc.reshape %c : tensor<32768xf32> -> tensor<1x32768xf32>
    %e = arith.extf %a : tensor<1x32768xbf16> to tensor<1x32768xf32>
    %f = arith.mulf %e, %d : tensor<1x32768xf32>
    %g = arith.truncf %f : tensor<1x32768xf32> to tensor<1x32768xbf16>
    kcc.store %g, %x[%r] : tensor<1x32768xbf16>, !kcc.ptr<bf16>, tensor<1x32768xi32>
    gpu.return
  }
}
