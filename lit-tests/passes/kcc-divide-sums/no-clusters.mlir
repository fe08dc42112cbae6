// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-divide-sums --verify-diagnostics %s | FileCheck %s

// CHECK-NOT: kcc.sum_blocks
// CHECK-NOT: kcc.divide_sums
gpu.module @m {
  // expected-remark @+1 {{no sum is divided: mi300 has no clusters of blocks}}
  gpu.func @f() kernel attributes {kcc.divide_sums = 8 : i32} {
    gpu.return
  }
}
