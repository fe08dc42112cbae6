// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-skip-vectors %s | FileCheck %s

// CHECK-NOT: scf.if

gpu.module @m {
  // Few instructions.
  gpu.func @short(%n: i32, %x: f32, %y: !llvm.ptr<1>) kernel {
    %c0 = arith.constant 0 : i32
    %c = arith.cmpi sgt, %n, %c0 : i32
    %a = arith.mulf %x, %x : f32
    %b = arith.addf %a, %x : f32
    kcc.store_vector %b, %y if %c {alignment = 4 : i64} : f32, !llvm.ptr<1>
    gpu.return
  }

  // Somebody else needs what is stored, too.
  gpu.func @needed(%n: i32, %x: f32, %y: !llvm.ptr<1>, %z: !llvm.ptr<1>) kernel {
    %c0 = arith.constant 0 : i32
    %c = arith.cmpi sgt, %n, %c0 : i32
    %a = math.exp2 %x : f32
    %b = math.exp2 %a : f32
    %d = math.exp2 %b : f32
    %e = math.exp2 %d : f32
    kcc.store_vector %e, %y if %c {alignment = 4 : i64} : f32, !llvm.ptr<1>
    llvm.store %e, %z : f32, !llvm.ptr<1>
    gpu.return
  }

  // Two conditions, neither of which follows from the other.
  gpu.func @two(%n: i32, %k: i32, %x: f32, %y: !llvm.ptr<1>, %z: !llvm.ptr<1>) kernel {
    %c0 = arith.constant 0 : i32
    %c = arith.cmpi sgt, %n, %c0 : i32
    %d = arith.cmpi sgt, %k, %c0 : i32
    %a = math.exp2 %x : f32
    %b = math.exp2 %a : f32
    %e = math.exp2 %b : f32
    kcc.store_vector %e, %y if %c {alignment = 4 : i64} : f32, !llvm.ptr<1>
    kcc.store_vector %e, %z if %d {alignment = 4 : i64} : f32, !llvm.ptr<1>
    gpu.return
  }

  // A tile of an array: only the last block is not full.
  gpu.func @array(%n: i32, %x: f32, %y: !llvm.ptr<1>) kernel {
    %c0 = arith.constant 0 : i32
    %id = gpu.block_id x
    %block = arith.index_cast %id : index to i32
    %left = arith.subi %n, %block : i32
    %c = arith.cmpi sgt, %left, %c0 : i32
    %a = math.exp2 %x : f32
    %b = math.exp2 %a : f32
    %d = math.exp2 %b : f32
    kcc.store_vector %d, %y if %c {alignment = 4 : i64} : f32, !llvm.ptr<1>
    gpu.return
  }

  // Each element for itself.
  gpu.func @element(%x: f32, %y: !llvm.ptr<1>, %z: !llvm.ptr<1>) kernel {
    %one = arith.constant 1.0 : f32
    %c = arith.cmpf ogt, %x, %one : f32
    %a = math.exp2 %x : f32
    %b = math.exp2 %a : f32
    %d = math.exp2 %b : f32
    %e = arith.select %c, %d, %one : f32
    llvm.store %e, %y : f32, !llvm.ptr<1>
    gpu.return
  }

  // Nothing is reduced.
  gpu.func @stored(%n: i32, %x: f32, %y: !llvm.ptr<1>) kernel {
    %c0 = arith.constant 0 : i32
    %c = arith.cmpi sgt, %n, %c0 : i32
    %a = math.exp2 %x : f32
    %b = math.exp2 %a : f32
    %d = math.exp2 %b : f32
    kcc.store_vector %d, %y if %c {alignment = 4 : i64} : f32, !llvm.ptr<1>
    gpu.return
  }
}
