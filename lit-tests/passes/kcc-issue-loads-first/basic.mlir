// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-issue-loads-first %s | FileCheck %s

// Behind the fourth load, and behind those of the branch with another bit.
// CHECK-LABEL: gpu.func @f
// CHECK-COUNT-4: llvm.load
// CHECK-NEXT:    %[[BITS:.*]] = llvm.inline_asm has_side_effects {{.*}}"mov.u32 $0, %nctaid.y; and.b32 $0, $0, 2147483648;", "=r"  : () -> i32
// CHECK:         %[[NEVER:.*]] = llvm.icmp "ne" %[[BITS]]
// CHECK-NEXT:    llvm.inline_asm has_side_effects {{.*}}"@$0 trap;", "b" %[[NEVER]] : (i1) -> ()
// CHECK:         arith.extf
// CHECK:         scf.if
// CHECK-COUNT-4: kcc.load_vector
// CHECK-NEXT:    llvm.inline_asm {{.*}}"mov.u32 $0, %nctaid.y; and.b32 $0, $0, 1073741824;"
// CHECK:         "@$0 trap;"
gpu.module @m {
  gpu.func @f(%p: !llvm.ptr<1>, %s: !llvm.ptr<3>, %m: i1) kernel {
    %c4 = arith.constant 4 : i32
    %zero = arith.constant 0.0 : bf16
    %a = llvm.load %p : !llvm.ptr<1> -> bf16
    %q = llvm.getelementptr %p[%c4] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, bf16
    %b = llvm.load %q : !llvm.ptr<1> -> bf16
    %c = llvm.load %p : !llvm.ptr<1> -> bf16
    %d = llvm.load %p : !llvm.ptr<1> -> bf16
    %w = arith.extf %a : bf16 to f32
    llvm.store %w, %s : f32, !llvm.ptr<3>
    scf.if %m {
      %e = kcc.load_vector %p if %m else %zero {alignment = 2 : i64} : !llvm.ptr<1> -> bf16
      %f = kcc.load_vector %p if %m else %zero {alignment = 2 : i64} : !llvm.ptr<1> -> bf16
      %g = kcc.load_vector %p if %m else %zero {alignment = 2 : i64} : !llvm.ptr<1> -> bf16
      %h = kcc.load_vector %p if %m else %zero {alignment = 2 : i64} : !llvm.ptr<1> -> bf16
      llvm.store %h, %s : bf16, !llvm.ptr<3>
    }
    llvm.store %b, %s : bf16, !llvm.ptr<3>
    llvm.store %c, %s : bf16, !llvm.ptr<3>
    llvm.store %d, %s : bf16, !llvm.ptr<3>
    gpu.return
  }
}
