// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --split-input-file --kcc-guard-product-loops %s | FileCheck %s

!a = !kcc.buffer<64x16xf16, swizzle = 32>
!b = !kcc.buffer<16x16xf16, swizzle = 32>
gpu.module @m {
  // Products of a loop are done before its end meets the path around it.
  // CHECK-LABEL: gpu.func @loop
  // CHECK-SAME:    (%{{.*}}: i32, %{{.*}}: i32, %[[LOW:.*]]: i32, %[[HIGH:.*]]: i32, %[[C:.*]]: f32)
  // CHECK:         %[[RUNS:.*]] = arith.cmpi slt, %[[LOW]], %[[HIGH]] : i32
  // CHECK-NEXT:    %[[END:.*]]:5 = scf.if %[[RUNS]] -> (f32, f32, f32, f32, i32) {
  // CHECK-NEXT:      %[[LOOP:.*]]:5 = scf.for %{{.*}} = %[[LOW]] to %[[HIGH]]
  // CHECK:             kcc.async_mma
  // CHECK:             scf.yield
  // CHECK:           %[[DONE:.*]]:4 = kcc.mma_wait 0 %[[LOOP]]#0, %[[LOOP]]#1, %[[LOOP]]#2, %[[LOOP]]#3
  // CHECK-NEXT:      scf.yield %[[DONE]]#0, %[[DONE]]#1, %[[DONE]]#2, %[[DONE]]#3, %[[LOOP]]#4 :
  // CHECK-NEXT:    } else {
  // CHECK-NEXT:      scf.yield %[[C]], %[[C]], %[[C]], %[[C]], %[[LOW]] :
  // CHECK-NEXT:    }
  // CHECK-NEXT:    arith.addf %[[END]]#0, %[[END]]#3
  // CHECK-NEXT:    arith.addi %[[END]]#4
  gpu.func @loop(%a_address: i32, %b_address: i32, %low: i32, %high: i32, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    %one = arith.constant 1 : i32
    %r:5 = scf.for %n = %low to %high step %one iter_args(%c0 = %c, %c1 = %c, %c2 = %c, %c3 = %c, %count = %low) -> (f32, f32, f32, f32, i32) : i32 {
      %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0
          c(%c0, %c1, %c2, %c3 : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
      %next = arith.addi %count, %n : i32
      scf.yield %d#0, %d#1, %d#2, %d#3, %next : f32, f32, f32, f32, i32
    }
    %e:4 = kcc.mma_wait 0 %r#0, %r#1, %r#2, %r#3 : f32, f32, f32, f32 -> f32, f32, f32, f32
    %x = arith.addf %e#0, %e#3 : f32
    %y = arith.addi %r#4, %one : i32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x16xf16, swizzle = 32>
!b = !kcc.buffer<16x16xf16, swizzle = 32>
!turns = !kcc.channel<2, []>
gpu.module @m {
  // What is released between loop and wait is released in the last iteration, or behind the branch where there is none.
  // CHECK-LABEL: gpu.func @turn
  // CHECK-SAME:    (%{{.*}}: i32, %{{.*}}: i32, %[[LOW:.*]]: i32, %[[HIGH:.*]]: i32, %{{.*}}: f32, %[[T:.*]]: i32, %[[P:.*]]: i1)
  // CHECK:         %[[CHANNEL:.*]] = kcc.channel
  // CHECK:         %[[NEXT:.*]] = arith.addi %[[T]], %[[ONE:.*]] : i32
  // CHECK:         scf.if
  // CHECK-NEXT:      scf.for %[[N:.*]] = %[[LOW]] to %[[HIGH]] step %[[ONE]]
  // CHECK:             kcc.async_mma
  // CHECK-NEXT:        %[[LATER:.*]] = arith.addi %[[N]], %[[ONE]] : i32
  // CHECK-NEXT:        %[[LAST:.*]] = arith.cmpi sle, %[[HIGH]], %[[LATER]] : i32
  // CHECK-NEXT:        kcc.release %[[CHANNEL]][%[[T]]] if %[[LAST]]
  // CHECK-NEXT:        %[[BOTH:.*]] = arith.andi %[[P]], %[[LAST]] : i1
  // CHECK-NEXT:        kcc.release %[[CHANNEL]][%[[NEXT]]] if %[[BOTH]]
  // CHECK-NEXT:        scf.yield
  // CHECK-NEXT:      }
  // CHECK-NEXT:      kcc.mma_wait 0
  // CHECK:         } else {
  // CHECK:         }
  // CHECK-NEXT:    %[[NONE:.*]] = arith.cmpi sle, %[[HIGH]], %[[LOW]] : i32
  // CHECK-NEXT:    kcc.release %[[CHANNEL]][%[[T]]] if %[[NONE]]
  // CHECK-NEXT:    %[[NEITHER:.*]] = arith.andi %[[P]], %[[NONE]] : i1
  // CHECK-NEXT:    kcc.release %[[CHANNEL]][%[[NEXT]]] if %[[NEITHER]]
  // CHECK-NEXT:    gpu.return
  gpu.func @turn(%a_address: i32, %b_address: i32, %low: i32, %high: i32, %c: f32, %t: i32, %p: i1) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    %turns = kcc.channel producers 1 consumers 4 : !turns
    %one = arith.constant 1 : i32
    %r:4 = scf.for %n = %low to %high step %one iter_args(%c0 = %c, %c1 = %c, %c2 = %c, %c3 = %c) -> (f32, f32, f32, f32) : i32 {
      %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0
          c(%c0, %c1, %c2, %c3 : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
      scf.yield %d#0, %d#1, %d#2, %d#3 : f32, f32, f32, f32
    }
    kcc.release %turns[%t] : !turns
    %next = arith.addi %t, %one : i32
    kcc.release %turns[%next] if %p : !turns
    %e:4 = kcc.mma_wait 0 %r#0, %r#1, %r#2, %r#3 : f32, f32, f32, f32 -> f32, f32, f32, f32
    gpu.return
  }
}
