// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not kcc-opt --verify-diagnostics %s 2>&1 | FileCheck %s

// CHECK: unmet-expectation.mlir:[[# @LINE + 1]]:1: error: expected error "does not come" was not produced
// expected-error @below {{does not come}}
module {}
