// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-guard-product-loops %s | FileCheck %s
// Loops that wait for their products themselves, and loops without products, need no branch.

// CHECK-NOT: scf.if
!a = !kcc.buffer<64x16xf16, swizzle = 32>
!b = !kcc.buffer<16x16xf16, swizzle = 32>
gpu.module @m {
  gpu.func @waits_inside(%a_address: i32, %b_address: i32, %low: i32, %high: i32, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    %one = arith.constant 1 : i32
    %r:4 = scf.for %n = %low to %high step %one iter_args(%c0 = %c, %c1 = %c, %c2 = %c, %c3 = %c) -> (f32, f32, f32, f32) : i32 {
      %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0
          c(%c0, %c1, %c2, %c3 : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
      %e:4 = kcc.mma_wait 0 %d#0, %d#1, %d#2, %d#3 : f32, f32, f32, f32 -> f32, f32, f32, f32
      scf.yield %e#0, %e#1, %e#2, %e#3 : f32, f32, f32, f32
    }
    %x = arith.addf %r#0, %r#1 : f32
    gpu.return
  }

  gpu.func @no_products(%low: i32, %high: i32, %c: f32) {
    %one = arith.constant 1 : i32
    %r = scf.for %n = %low to %high step %one iter_args(%s = %c) -> (f32) : i32 {
      %t = arith.addf %s, %c : f32
      scf.yield %t : f32
    }
    gpu.return
  }
}
