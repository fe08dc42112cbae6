// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h200 --kcc-bound-registers %s | FileCheck %s --check-prefixes=CHECK,NVIDIA
// RUN: kcc-opt --target mi300 --kcc-bound-registers %s | FileCheck %s --check-prefixes=CHECK,AMD

// 51 registers wait at the barrier, 50 with the two elements packed: a block of 1024 threads more.
// What is used behind the barrier is computed again from the loaded words, which no compiler recognizes there.
// CHECK-LABEL: gpu.func @row
// CHECK-SAME:    kcc.min_blocks
// CHECK:         %[[LOADED:.*]] = llvm.load
// CHECK:         gpu.barrier
// NVIDIA:        llvm.inline_asm has_side_effects {{.*}}"mov.u32 $0, %ctaid.x; shr.u32 $0, $0, 31;"
// CHECK:         %[[BITS:.*]] = llvm.bitcast %[[LOADED]] : vector<2xbf16> to i32
// NVIDIA:        %[[HIDDEN:.*]] = llvm.inline_asm has_side_effects {{.*}}"or.b32 $0, $1, $2;", "=r,r,r" %[[BITS]]
// AMD:           %[[HIDDEN:.*]] = llvm.inline_asm has_side_effects {{.*}}"", "=v,0" %[[BITS]]
// CHECK:         %[[AGAIN:.*]] = llvm.bitcast %[[HIDDEN]] : i32 to vector<2xbf16>
// CHECK:         %[[LOW:.*]] = llvm.extractelement %[[AGAIN]]
// CHECK:         %[[WIDE:.*]] = arith.extf %[[LOW]] : bf16 to f32
// CHECK:         arith.mulf %[[WIDE]]
gpu.module @m {
  gpu.func @row(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %s: !llvm.ptr<3>) kernel
      attributes {known_block_size = array<i32: 1024, 1, 1>} {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %id = gpu.block_id x
    %block = arith.index_cast %id : index to i32
    %p = llvm.getelementptr %x[%block] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, vector<2xbf16>
    %v = llvm.load %p {alignment = 4 : i64} : !llvm.ptr<1> -> vector<2xbf16>
    %w = llvm.load %y {alignment = 16 : i64} : !llvm.ptr<1> -> vector<49xf32>
    %h0 = llvm.extractelement %v[%c0 : i32] : vector<2xbf16>
    %h1 = llvm.extractelement %v[%c1 : i32] : vector<2xbf16>
    %f0 = arith.extf %h0 : bf16 to f32
    %f1 = arith.extf %h1 : bf16 to f32
    %sum = arith.addf %f0, %f1 : f32
    llvm.store %sum, %s : f32, !llvm.ptr<3>
    gpu.barrier
    %scale = llvm.load %s : !llvm.ptr<3> -> f32
    %y0 = arith.mulf %f0, %scale : f32
    %y1 = arith.mulf %f1, %scale : f32
    %z = arith.addf %y0, %y1 : f32
    llvm.store %z, %y : f32, !llvm.ptr<1>
    llvm.store %w, %x {alignment = 16 : i64} : vector<49xf32>, !llvm.ptr<1>
    gpu.return
  }
}
