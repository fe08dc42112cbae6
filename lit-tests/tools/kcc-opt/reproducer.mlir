// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: split-file %s %t
// RUN: kcc-opt --run-reproducer %t/good.mlir | FileCheck %s
// RUN: not kcc-opt --run-reproducer %t/bad.mlir 2>&1 | FileCheck %s --check-prefix=BAD

// CHECK: gpu.func @f
// CHECK-NEXT: gpu.return
// BAD: error: this is no reproducer of kcc

//--- good.mlir
// kcc reproducer; run it with: kcc-opt --run-reproducer
// pipeline: builtin.module(canonicalize)
// fact: target=h100
gpu.module @m { gpu.func @f() kernel { %a = arith.constant 1 : i32 gpu.return } }

//--- bad.mlir
gpu.module @m {}
