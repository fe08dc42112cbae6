// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LLVM ends the process on what it cannot select: a reproducer is written, the exit code says whose fault it was,
// and there is no output.
//
// RUN: rm -rf %t && mkdir %t
// RUN: cd %t && bash -c "kcc compile %s --target cpu -o out.kcc; test \$? = 70" 2>&1 | FileCheck %s
// RUN: FileCheck %s --check-prefix=REPRODUCER < %t/kcc-reproducer-cpu.mlir
// RUN: not test -e %t/out.kcc

// CHECK: error: LLVM gave up: Cannot select: intrinsic %llvm.amdgcn.workitem.id.x
// CHECK-NEXT: note: this is a bug in kcc; to report it, send the file kcc-reproducer-*.mlir written to {{.*}}
// CHECK-NOT: {{^[[:space:]]+at }}
// REPRODUCER: // fact: target=cpu
// REPRODUCER: llvm.amdgcn.workitem.id.x
gpu.module @m {
  gpu.func @f(%x: !kcc.ptr<i32> {kcc.name = "X", kcc.kind = "pointer", kcc.dtype = "i32"}) kernel
      attributes {kcc.grid = affine_map<() -> (1)>, kcc.grid_symbols = []} {
    %0 = llvm.call_intrinsic "llvm.amdgcn.workitem.id.x"() : () -> i32
    %zero = arith.constant 0 : i64
    kcc.store %0, %x[%zero] : i32, !kcc.ptr<i32>, i64
    gpu.return
  }
}
