// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-cpu-plan-workspace %s | FileCheck %s

// %a is dead when %c comes to life, so the two share a region; %b lives beside both. Small buffers go on the stack.
// CHECK-LABEL: func.func private @k.program
// CHECK-SAME:    %[[R0:[^:]*]]: memref<4096xi8> {llvm.align = 64 : i64, llvm.noalias}
// CHECK-SAME:    %[[R1:[^:]*]]: memref<8192xi8> {llvm.align = 64 : i64, llvm.noalias}
// CHECK-SAME:    kcc.cpu.regions = array<i64: 4096, 8192>
// CHECK:         memref.alloca() : memref<f32>
// CHECK:         %[[A:.*]] = memref.view %[[R0]][%{{.*}}][] : memref<4096xi8> to memref<1024xf32>
// CHECK:         %[[B:.*]] = memref.view %[[R1]][%{{.*}}][] : memref<8192xi8> to memref<1024xf64>
// CHECK:         memref.view %[[R0]][%{{.*}}][] : memref<4096xi8> to memref<512xf32>
func.func private @k.program(%x: f32) -> i32 {
  %y = arith.constant 0.0 : f64
  %s = memref.alloc() : memref<f32>
  %a = memref.alloc() : memref<1024xf32>
  linalg.fill ins(%x : f32) outs(%a : memref<1024xf32>)
  %b = memref.alloc() : memref<1024xf64>
  linalg.fill ins(%y : f64) outs(%b : memref<1024xf64>)
  linalg.fill ins(%x : f32) outs(%a : memref<1024xf32>)
  %c = memref.alloc() : memref<512xf32>
  linalg.fill ins(%x : f32) outs(%c : memref<512xf32>)
  linalg.fill ins(%y : f64) outs(%b : memref<1024xf64>)
  %r = arith.constant 0 : i32
  return %r : i32
}

// A buffer from before a loop that is used in it lives to the loop's end: %b must not take its place.
// CHECK-LABEL: func.func private @loop.program
// CHECK-SAME:    kcc.cpu.regions = array<i64: 4096, 4096>
func.func private @loop.program(%x: f32, %n: index) -> i32 {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %a = memref.alloc() : memref<1024xf32>
  scf.for %i = %0 to %n step %1 {
    linalg.fill ins(%x : f32) outs(%a : memref<1024xf32>)
    %b = memref.alloc() : memref<1024xf32>
    linalg.fill ins(%x : f32) outs(%b : memref<1024xf32>)
  }
  %r = arith.constant 0 : i32
  return %r : i32
}
