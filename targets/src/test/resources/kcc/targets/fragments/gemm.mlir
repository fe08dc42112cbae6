// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Product of 64 rows of A and 64 columns of B, as a producing and a computing group of warps; f16 in, f32 out.
!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @gemm {
  gpu.func @gemm(%out: !llvm.ptr<1>, %columns: i32, %steps: i32,
      %a_map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64},
      %b_map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "B", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64}) kernel
      attributes {known_block_size = array<i32: 256, 1, 1>, kcc.shared_bytes = 65600 : i64} {
    %tid = gpu.thread_id x
    %thread = arith.index_cast %tid : index to i32
    %bx = gpu.block_id x
    %block_row = arith.index_cast %bx : index to i32
    %by = gpu.block_id y
    %block_column = arith.index_cast %by : index to i32
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %two = arith.constant 2 : i32
    %four = arith.constant 4 : i32
    %eight = arith.constant 8 : i32
    %c16 = arith.constant 16 : i32
    %c64 = arith.constant 64 : i32
    %lanes = arith.constant 32 : i32
    %group_threads = arith.constant 128 : i32
    %nothing = arith.constant 0.0 : f32
    %first_row = arith.muli %block_row, %c64 : i32
    %first_column = arith.muli %block_column, %c64 : i32
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 65536 : i64} : !ring
    %loads = arith.cmpi ult, %thread, %group_threads : i32
    scf.if %loads {
      kcc.set_registers 24
      %first = arith.cmpi ult, %thread, %lanes : i32
      scf.if %first {
        %elected = kcc.elect
        scf.if %elected {
          scf.for %n = %zero to %steps step %one : i32 {
            %k = arith.muli %n, %c64 : i32
            %x, %y = kcc.acquire %c[%n] : !ring -> !a, !b
            kcc.copy_tile %a_map[%first_row, %k] to %x on %c[%n] : !a, !ring
            kcc.copy_tile %b_map[%k, %first_column] to %y on %c[%n] : !b, !ring
            kcc.put %c[%n] : !ring
          }
        }
      }
    } else {
      kcc.set_registers 240
      %r:32 = scf.for %n = %zero to %steps step %one iter_args(%c0 = %nothing, %c1 = %nothing, %c2 = %nothing, %c3 = %nothing, %c4 = %nothing, %c5 = %nothing, %c6 = %nothing, %c7 = %nothing, %c8 = %nothing, %c9 = %nothing, %c10 = %nothing, %c11 = %nothing, %c12 = %nothing, %c13 = %nothing, %c14 = %nothing, %c15 = %nothing, %s16 = %nothing, %c17 = %nothing, %c18 = %nothing, %c19 = %nothing, %c20 = %nothing, %c21 = %nothing, %c22 = %nothing, %c23 = %nothing, %c24 = %nothing, %c25 = %nothing, %c26 = %nothing, %c27 = %nothing, %c28 = %nothing, %c29 = %nothing, %c30 = %nothing, %c31 = %nothing) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) : i32 {
        %x, %y = kcc.get %c[%n] : !ring -> !a, !b
        %d:32 = kcc.async_mma "wgmma.m64n64k16.f32.f16" a(%x : !a) row %zero b(%y : !b) column 0
            c(%c0, %c1, %c2, %c3, %c4, %c5, %c6, %c7, %c8, %c9, %c10, %c11, %c12, %c13, %c14, %c15, %s16, %c17, %c18, %c19, %c20, %c21, %c22, %c23, %c24, %c25, %c26, %c27, %c28, %c29, %c30, %c31 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
        %w:32 = kcc.mma_wait 1 %d#0, %d#1, %d#2, %d#3, %d#4, %d#5, %d#6, %d#7, %d#8, %d#9, %d#10, %d#11, %d#12, %d#13, %d#14, %d#15, %d#16, %d#17, %d#18, %d#19, %d#20, %d#21, %d#22, %d#23, %d#24, %d#25, %d#26, %d#27, %d#28, %d#29, %d#30, %d#31 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32 -> f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
        %before = arith.subi %n, %one : i32
        %is_later = arith.cmpi ugt, %n, %zero : i32
        kcc.release %c[%before] if %is_later : !ring
        scf.yield %w#0, %w#1, %w#2, %w#3, %w#4, %w#5, %w#6, %w#7, %w#8, %w#9, %w#10, %w#11, %w#12, %w#13, %w#14, %w#15, %w#16, %w#17, %w#18, %w#19, %w#20, %w#21, %w#22, %w#23, %w#24, %w#25, %w#26, %w#27, %w#28, %w#29, %w#30, %w#31 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
      }
      %e:32 = kcc.mma_wait 0 %r#0, %r#1, %r#2, %r#3, %r#4, %r#5, %r#6, %r#7, %r#8, %r#9, %r#10, %r#11, %r#12, %r#13, %r#14, %r#15, %r#16, %r#17, %r#18, %r#19, %r#20, %r#21, %r#22, %r#23, %r#24, %r#25, %r#26, %r#27, %r#28, %r#29, %r#30, %r#31 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32 -> f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
      %last = arith.subi %steps, %one : i32
      kcc.release %c[%last] : !ring
      %of_group = arith.subi %thread, %group_threads : i32
      %warp = arith.divui %of_group, %lanes : i32
      %lane = arith.remui %of_group, %lanes : i32
      %warp_row = arith.muli %warp, %c16 : i32
      %lane_row = arith.divui %lane, %four : i32
      %row0 = arith.addi %warp_row, %lane_row : i32
      %row1 = arith.addi %first_row, %row0 : i32
      %row_start = arith.muli %row1, %columns : i32
      %lane_column = arith.remui %lane, %four : i32
      %column0 = arith.muli %lane_column, %two : i32
      %column1 = arith.addi %first_column, %column0 : i32
      %place = arith.addi %row_start, %column1 : i32
      %upper = llvm.getelementptr %out[%place] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
      %eight_rows = arith.muli %columns, %eight : i32
      %lower = llvm.getelementptr %upper[%eight_rows] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
      %p0 = llvm.getelementptr %upper[0] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#0, %p0 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p1 = llvm.getelementptr %upper[1] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#1, %p1 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p2 = llvm.getelementptr %lower[0] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#2, %p2 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p3 = llvm.getelementptr %lower[1] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#3, %p3 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p4 = llvm.getelementptr %upper[8] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#4, %p4 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p5 = llvm.getelementptr %upper[9] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#5, %p5 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p6 = llvm.getelementptr %lower[8] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#6, %p6 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p7 = llvm.getelementptr %lower[9] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#7, %p7 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p8 = llvm.getelementptr %upper[16] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#8, %p8 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p9 = llvm.getelementptr %upper[17] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#9, %p9 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p10 = llvm.getelementptr %lower[16] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#10, %p10 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p11 = llvm.getelementptr %lower[17] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#11, %p11 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p12 = llvm.getelementptr %upper[24] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#12, %p12 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p13 = llvm.getelementptr %upper[25] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#13, %p13 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p14 = llvm.getelementptr %lower[24] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#14, %p14 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p15 = llvm.getelementptr %lower[25] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#15, %p15 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p16 = llvm.getelementptr %upper[32] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#16, %p16 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p17 = llvm.getelementptr %upper[33] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#17, %p17 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p18 = llvm.getelementptr %lower[32] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#18, %p18 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p19 = llvm.getelementptr %lower[33] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#19, %p19 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p20 = llvm.getelementptr %upper[40] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#20, %p20 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p21 = llvm.getelementptr %upper[41] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#21, %p21 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p22 = llvm.getelementptr %lower[40] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#22, %p22 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p23 = llvm.getelementptr %lower[41] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#23, %p23 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p24 = llvm.getelementptr %upper[48] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#24, %p24 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p25 = llvm.getelementptr %upper[49] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#25, %p25 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p26 = llvm.getelementptr %lower[48] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#26, %p26 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p27 = llvm.getelementptr %lower[49] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#27, %p27 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p28 = llvm.getelementptr %upper[56] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#28, %p28 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p29 = llvm.getelementptr %upper[57] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#29, %p29 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p30 = llvm.getelementptr %lower[56] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#30, %p30 {alignment = 4 : i64} : f32, !llvm.ptr<1>
      %p31 = llvm.getelementptr %lower[57] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
      llvm.store %e#31, %p31 {alignment = 4 : i64} : f32, !llvm.ptr<1>
    }
    gpu.return
  }
}
