// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-async-mma-to-nvvm --split-input-file %s | FileCheck %s

!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x128xf16, swizzle = 128>
gpu.module @m {
  // Rows of A lie along the depth: groups of eight rows are 1024 bytes apart. Columns of B do not: pieces of 64 columns are
  // 64 * 128 bytes apart.
  // CHECK-LABEL: gpu.func @buffers
  // CHECK-SAME:    (%[[A:.*]]: i32, %[[B:.*]]: i32, %[[ROW:.*]]: i32, %[[C:.*]]: f32)
  gpu.func @buffers(%a_address: i32, %b_address: i32, %row: i32, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // CHECK-NOT:   unrealized_conversion_cast
    // CHECK:       %[[MOVED:.*]] = arith.muli %[[ROW]], %c128_i32
    // CHECK:       %[[FROM:.*]] = arith.addi %[[A]], %[[MOVED]]
    // CHECK:       %[[MASKED:.*]] = arith.andi %[[FROM]], %c262143_i32
    // CHECK:       %[[UNITS:.*]] = arith.shrui %[[MASKED]], %c4_i32
    // CHECK:       %[[WIDE:.*]] = arith.extui %[[UNITS]] : i32 to i64
    // 1 << 62 | 64 << 32 | 1 << 16
    // CHECK:       %[[ENCODING:.*]] = arith.constant 4611686293305360384 : i64
    // CHECK:       %[[ADESC:.*]] = arith.ori %[[WIDE]], %[[ENCODING]] : i64
    // 1 << 62 | 64 << 32 | 512 << 16
    // CHECK:       %[[ENCODING2:.*]] = arith.constant 4611686293338849280 : i64
    // CHECK:       %[[BDESC:.*]] = arith.ori %{{.*}}, %[[ENCODING2]] : i64
    // Columns 64 and on are the second piece, 512 units of 16 bytes on. A step of the depth is 32 bytes of A, 16 rows of B.
    // CHECK:       llvm.inline_asm has_side_effects {kcc.convergent} "{ .reg .b64 a, b; wgmma.fence.sync.aligned;
    // CHECK-SAME:    add.s64 a, $8, 0; add.s64 b, $9, 512; wgmma.mma_async.sync.aligned.m64n8k16.f32.f16.f16 {$0, $1, $2, $3}, a, b, 1, 1, 1, 0, 1;
    // CHECK-SAME:    add.s64 a, $8, 2; add.s64 b, $9, 640; wgmma
    // CHECK-SAME:    add.s64 a, $8, 4; add.s64 b, $9, 768; wgmma
    // CHECK-SAME:    add.s64 a, $8, 6; add.s64 b, $9, 896; wgmma.mma_async.sync.aligned.m64n8k16.f32.f16.f16 {$0, $1, $2, $3}, a, b, 1, 1, 1, 0, 1; wgmma.commit_group.sync.aligned; }",
    // CHECK-SAME:    "=f,=f,=f,=f,0,1,2,3,l,l,~{memory}" %[[C]], %[[C]], %[[C]], %[[C]], %[[ADESC]], %[[BDESC]] : (f32, f32, f32, f32, i64, i64)
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) row %row b(%b : !b) column 64
        c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    // CHECK:       llvm.inline_asm has_side_effects {kcc.convergent} "wgmma.wait_group.sync.aligned 1;", "=f,=f,=f,=f,0,1,2,3,~{memory}"
    %e:4 = kcc.mma_wait 1 %d#0, %d#1, %d#2, %d#3 : f32, f32, f32, f32 -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf8E4M3FN, swizzle = 64>
!b = !kcc.buffer<64x8xf8E5M2, swizzle = 64, contiguous = 0>
gpu.module @m {
  // Only 16-bit factors can be transposed; two steps of 32 bytes; neither begins nor commits.
  // CHECK-LABEL: gpu.func @small_floats
  // CHECK:         "{ .reg .b64 a, b; add.s64 a, $8, 0; add.s64 b, $9, 0; wgmma.mma_async.sync.aligned.m64n8k32.f32.e4m3.e5m2 {$0, $1, $2, $3}, a, b, 1, 1, 1;
  // CHECK-SAME:    add.s64 a, $8, 2; add.s64 b, $9, 2; wgmma.mma_async.sync.aligned.m64n8k32.f32.e4m3.e5m2 {$0, $1, $2, $3}, a, b, 1, 1, 1; }"
  gpu.func @small_floats(%a_address: i32, %b_address: i32, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    %d:4 = kcc.async_mma "wgmma.m64n8k32.f32.f8e4m3.f8e5m2" a(%a : !a) b(%b : !b) column 0
        c(%c, %c, %c, %c : f32, f32, f32, f32) -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf8E4M3FN, swizzle = 64>
!b = !kcc.buffer<64x8xf8E4M3FN, swizzle = 64, contiguous = 0>
gpu.module @m {
  // What is added to nothing is not added: the first instruction writes registers that hold nothing yet.
  // CHECK-LABEL: gpu.func @nothing
  // CHECK-COUNT-4: llvm.mlir.poison : f32
  // CHECK:         {$0, $1, $2, $3}, a, b, 0, 1, 1;
  // CHECK-SAME:    {$0, $1, $2, $3}, a, b, 1, 1, 1; }"
  gpu.func @nothing(%a_address: i32, %b_address: i32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    %zero = arith.constant 0.0 : f32
    %d:4 = kcc.async_mma "wgmma.m64n8k32.f32.f8e4m3" a(%a : !a) b(%b : !b) column 0
        c(%zero, %zero, %zero, %zero : f32, f32, f32, f32) -> f32, f32, f32, f32
    // A part of the depth.
    // CHECK:         add.s64 a, $8, 2; add.s64 b, $9, 2; wgmma.mma_async.sync.aligned.m64n8k32.f32.e4m3.e4m3 {$0, $1, $2, $3}, a, b, 0, 1, 1; }"
    %e:4 = kcc.async_mma "wgmma.m64n8k32.f32.f8e4m3" a(%a : !a) b(%b : !b) column 0
        c(%zero, %zero, %zero, %zero : f32, f32, f32, f32) {kcc.part = array<i64: 32, 32>} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x128xi8, swizzle = 128>
!b = !kcc.buffer<128x32xi8, swizzle = 128, contiguous = 0>
gpu.module @m {
  // Integers have no signs to choose and are never transposed: behind the predicate there is nothing.
  // CHECK-LABEL: gpu.func @integers
  // CHECK:         add.s64 a, $32, 0; add.s64 b, $33, 0; wgmma.mma_async.sync.aligned.m64n32k32.s32.s8.s8 {$0, {{[^}]*}} $15}, a, b, 1;
  // CHECK-SAME:    add.s64 a, $32, 2; add.s64 b, $33, 2; wgmma
  // CHECK-SAME:    "=r,=r,=r,=r,=r,=r,=r,=r,=r,=r,=r,=r,=r,=r,=r,=r,0,1,
  // CHECK:         wgmma.mma_async.sync.aligned.m64n32k32.s32.u8.u8 {
  gpu.func @integers(%a_address: i32, %b_address: i32, %c: i32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    %d:16 = kcc.async_mma "wgmma.m64n32k32.i32.i8" a(%a : !a) b(%b : !b) column 0
        c(%c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c : i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32)
        {begins, commits} -> i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32
    %e:16 = kcc.async_mma "wgmma.m64n32k32.i32.u8" a(%a : !a) b(%b : !b) column 0
        c(%c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c, %c : i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32)
        {begins, commits} -> i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32
    gpu.return
  }
}

// -----

!b = !kcc.buffer<32x8xbf16, swizzle = 32, contiguous = 0>
gpu.module @m {
  // Two values of the first factor share a register; each step takes four registers, and 32 bytes of the second factor are a
  // piece of their own.
  // CHECK-LABEL: gpu.func @registers
  // CHECK:         llvm.bitcast %{{.*}} : vector<2xbf16> to i32
  // CHECK:         "{ .reg .b64 a, b; wgmma.fence.sync.aligned; add.s64 b, $16, 0; wgmma.mma_async.sync.aligned.m64n8k16.f32.bf16.bf16 {$0, $1, $2, $3}, {$8, $9, $10, $11}, b, 1, 1, 1, 0;
  // CHECK-SAME:    add.s64 b, $16, 16; wgmma.mma_async.sync.aligned.m64n8k16.f32.bf16.bf16 {$0, $1, $2, $3}, {$12, $13, $14, $15}, b, 1, 1, 1, 0; wgmma.commit_group.sync.aligned; }"
  // CHECK-SAME:    "=f,=f,=f,=f,0,1,2,3,r,r,r,r,r,r,r,r,l,~{memory}"
  // The registers of the factor go through the wait, too, so that nothing overwrites them before.
  // CHECK:         "wgmma.wait_group.sync.aligned 0;", "=f,=r,0,1,~{memory}"
  gpu.func @registers(%a: bf16, %b_address: i32, %c: f32) {
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.bf16" a(%a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a, %a :
        bf16, bf16, bf16, bf16, bf16, bf16, bf16, bf16, bf16, bf16, bf16, bf16, bf16, bf16, bf16, bf16) b(%b : !b) column 0
        c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    %e:3 = kcc.mma_wait 0 %d#0, %a, %a : f32, bf16, bf16 -> f32, bf16, bf16
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x16xf16, swizzle = 128, contiguous = 0>
!b = !kcc.buffer<16x16xf16, swizzle = 32>
gpu.module @m {
  // A transposed first factor, and accumulators of 16 bits, two in a register.
  // CHECK-LABEL: gpu.func @transposed
  // CHECK:         "{ .reg .b64 a, b; wgmma.fence.sync.aligned; add.s64 a, $4, 0; add.s64 b, $5, 1; wgmma.mma_async.sync.aligned.m64n8k16.f16.f16.f16 {$0, $1}, a, b, 1, 1, 1, 1, 1; wgmma.commit_group.sync.aligned; }", "=r,=r,0,1,l,l,~{memory}"
  gpu.func @transposed(%a_address: i32, %b_address: i32, %c: f16) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f16.f16" a(%a : !a) b(%b : !b) column 8
        c(%c, %c, %c, %c : f16, f16, f16, f16) {begins, commits} -> f16, f16, f16, f16
    gpu.return
  }
}
