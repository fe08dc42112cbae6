// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-sink-selects %s | FileCheck %s

gpu.module @m {
  // As many selections as before.
  // CHECK-LABEL: gpu.func @single
  // CHECK:         arith.select
  // CHECK-NEXT:    arith.mulf
  // CHECK-NEXT:    llvm.store
  gpu.func @single(%c: i1, %x: f32, %y: !llvm.ptr<1>) kernel {
    %none = arith.constant 0.0 : f32
    %a = arith.select %c, %x, %none : f32
    %b = arith.mulf %a, %a : f32
    llvm.store %b, %y : f32, !llvm.ptr<1>
    gpu.return
  }

  // Two vectors, two conditions.
  // CHECK-LABEL: gpu.func @two_conditions
  // CHECK:         arith.select
  // CHECK-NEXT:    arith.select
  // CHECK-NEXT:    arith.addf
  gpu.func @two_conditions(%c: i1, %d: i1, %x: f32, %y: !llvm.ptr<1>) kernel {
    %none = arith.constant 0.0 : f32
    %a = arith.select %c, %x, %none : f32
    %b = arith.select %d, %x, %none : f32
    %s = arith.addf %a, %b : f32
    llvm.store %s, %y : f32, !llvm.ptr<1>
    gpu.return
  }

  // Elsewhere each element would be divided by its own number; and integer division by zero is no number at all.
  // CHECK-LABEL: gpu.func @own_numbers
  // CHECK-COUNT-4: arith.select
  // CHECK:         arith.divf
  // CHECK:         arith.divsi
  gpu.func @own_numbers(%c: i1, %x: f32, %w: f32, %n: i32, %y: !llvm.ptr<1>) kernel {
    %none = arith.constant 0.0 : f32
    %zero = arith.constant 0 : i32
    %a = arith.select %c, %x, %none : f32
    %b = arith.select %c, %w, %none : f32
    %i = arith.select %c, %n, %zero : i32
    %j = arith.select %c, %n, %zero : i32
    %q = arith.divf %a, %w : f32
    %k = arith.divsi %n, %i : i32
    %l = arith.divsi %n, %j : i32
    llvm.store %q, %y : f32, !llvm.ptr<1>
    llvm.store %b, %y : f32, !llvm.ptr<1>
    llvm.store %k, %y : i32, !llvm.ptr<1>
    llvm.store %l, %y : i32, !llvm.ptr<1>
    gpu.return
  }
}
