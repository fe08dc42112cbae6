// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-memory-to-nvvm %s | FileCheck %s

gpu.module @m {
  // The registers of the other value are those of the result: no select behind the load.
  // CHECK-LABEL: gpu.func @load
  // CHECK:         llvm.inline_asm has_side_effects "@$5 ld.global.v4.b32 {$0, $1, $2, $3}, [$4];", "=r,=r,=r,=r,l,b,0,1,2,3"
  // CHECK-SAME:      (!llvm.ptr<1>, i1, i32, i32, i32, i32) -> !llvm.struct<(i32, i32, i32, i32)>
  gpu.func @load(%p: !llvm.ptr<1>, %c: i1, %y: !llvm.ptr<1>) kernel {
    %z = arith.constant dense<0.0> : vector<4xf32>
    %v = kcc.load_vector %p if %c else %z {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
    llvm.store %v, %y : vector<4xf32>, !llvm.ptr<1>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @store
  // CHECK:         llvm.inline_asm has_side_effects "@$2 st.global.b16 [$1], $0;", "h,l,b"
  // CHECK:         llvm.inline_asm has_side_effects "st.global.cs.v2.b32 [$2], {$0, $1};", "r,r,l"
  gpu.func @store(%p: !llvm.ptr<1>, %x: f16, %d: f64, %c: i1) kernel {
    kcc.store_vector %x, %p if %c {alignment = 2 : i64} : f16, !llvm.ptr<1>
    kcc.store_vector %d, %p {alignment = 8 : i64, cache = #kcc<cache_hint streaming>} : f64, !llvm.ptr<1>
    gpu.return
  }

  // No instruction is wider than the alignment, or than 16 bytes.
  // CHECK-LABEL: gpu.func @split
  // CHECK-COUNT-2: ld.global.v2.b32
  // CHECK-COUNT-2: ld.global.v4.b32
  gpu.func @split(%p: !llvm.ptr<1>, %c: i1, %y: !llvm.ptr<1>) kernel {
    %v = kcc.load_vector %p if %c {alignment = 8 : i64} : !llvm.ptr<1> -> vector<4xf32>
    llvm.store %v, %y : vector<4xf32>, !llvm.ptr<1>
    %w = kcc.load_vector %p if %c {alignment = 32 : i64} : !llvm.ptr<1> -> vector<4xf64>
    llvm.store %w, %y : vector<4xf64>, !llvm.ptr<1>
    gpu.return
  }
}
