// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-issue-loads-first %s | FileCheck %s

// CHECK-NOT: llvm.inline_asm
gpu.module @m {
  // Three loads, and a fourth behind the use of the first.
  gpu.func @few(%p: !llvm.ptr<1>, %q: !llvm.ptr<3>) kernel {
    %a = llvm.load %p : !llvm.ptr<1> -> f32
    %b = llvm.load %p : !llvm.ptr<1> -> f32
    %c = llvm.load %p : !llvm.ptr<1> -> f32
    %s = arith.addf %a, %b : f32
    %d = llvm.load %p : !llvm.ptr<1> -> f32
    %t = arith.addf %c, %d : f32
    %u = arith.addf %s, %t : f32
    llvm.store %u, %q : f32, !llvm.ptr<3>
    gpu.return
  }

  // Shared memory is near.
  gpu.func @shared(%p: !llvm.ptr<3>, %q: !llvm.ptr<1>) kernel {
    %a = llvm.load %p : !llvm.ptr<3> -> f32
    %b = llvm.load %p : !llvm.ptr<3> -> f32
    %c = llvm.load %p : !llvm.ptr<3> -> f32
    %d = llvm.load %p : !llvm.ptr<3> -> f32
    %s = arith.addf %a, %b : f32
    %t = arith.addf %c, %d : f32
    llvm.store %s, %q : f32, !llvm.ptr<1>
    llvm.store %t, %q : f32, !llvm.ptr<1>
    gpu.return
  }
}
