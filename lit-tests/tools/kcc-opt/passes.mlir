// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --canonicalize --cse %s | FileCheck %s
// RUN: kcc-opt --pass-pipeline="builtin.module(gpu.module(gpu.func(canonicalize,cse)))" %s | FileCheck %s
// RUN: kcc-opt --canonicalize --mlir-print-ir-after=canonicalize %s 2>&1 | FileCheck %s --check-prefix=AFTER
// RUN: kcc-opt --cse --mlir-timing %s 2>&1 | FileCheck %s --check-prefix=TIMING
// RUN: not kcc-opt --kcc-expand-vews %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not kcc-opt --kcc-expand-views="typo=1" %s 2>&1 | FileCheck %s --check-prefix=OPTION
// RUN: not kcc-opt --target h10 %s 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: kcc-opt --help | FileCheck %s --check-prefix=HELP

// CHECK-LABEL: gpu.func @f
// CHECK-NEXT:    gpu.return
// AFTER: IR Dump After canonicalize
// TIMING: ms {{.*}} cse
// UNKNOWN: error: there is no pass 'kcc-expand-vews'
// UNKNOWN-NEXT: help: did you mean 'kcc-expand-views'?
// OPTION: error: pass 'kcc-expand-views' has no option 'typo'
// TARGET: error: there is no target 'h10'
// HELP: --pass-pipeline=TEXT
// HELP: --kcc-expand-views
gpu.module @m {
  gpu.func @f() kernel {
    %a = arith.constant 1 : i32
    %b = arith.addi %a, %a : i32
    gpu.return
  }
}
