// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --split-input-file --verify-diagnostics %s
// RUN: not kcc-opt --split-input-file %s 2>&1 | FileCheck %s

// Locations are those of the whole file.
// CHECK: split-and-verify.mlir:[[# @LINE + 2]]:{{[0-9]+}}: error: custom op 'kcc.nothing' is unknown
// expected-error @below {{custom op 'kcc.nothing' is unknown}}
kcc.nothing

// -----

module {
  // CHECK: split-and-verify.mlir:[[# @LINE + 2]]:{{[0-9]+}}: error: {{.*}}undeclared SSA value
  // expected-error-re @below {{use of undeclared SSA value {{.*}}}}
  %a = arith.addi %x, %x : i32
}
