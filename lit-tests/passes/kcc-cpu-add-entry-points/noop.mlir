// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-add-entry-points %s | FileCheck %s

// CHECK-NOT: kcc_cpu
// CHECK:     llvm.func @f()
// CHECK-NOT: kcc_cpu
llvm.func @f() {
  llvm.return
}
