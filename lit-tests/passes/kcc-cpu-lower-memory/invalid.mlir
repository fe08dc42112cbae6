// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-lower-memory --verify-diagnostics %s

func.func @f(%v: !kcc.view<?xf32>, %o: i64) -> i32 {
  // expected-error @+1 {{the CPU target cannot follow this view to where it was made}}
  %t = kcc.load_tile %v[%o] dims [0] : !kcc.view<?xf32> -> tensor<8xf32>
  %r = arith.constant 0 : i32
  return %r : i32
}
