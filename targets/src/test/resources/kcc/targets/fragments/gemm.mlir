// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Product of 64 rows of A for each computing group of warps and COLUMNS columns of B, for one tile after the other
// down the rows; f16 in, f32 out.
!a = !kcc.buffer<ROWSx64xf16, swizzle = 128>
!b = !kcc.buffer<64xCOLUMNSxf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @gemm {
  gpu.func @gemm(%out: !llvm.ptr<1>, %columns: i32, %steps: i32, %tiles: i32,
      %a_map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: ROWS, 64>, kcc.swizzle = 128 : i64},
      %b_map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "B", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64}) kernel
      attributes {known_block_size = array<i32: THREADS, 1, 1>, kcc.shared_bytes = BYTES : i64} {
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
    %rows = arith.constant ROWS : i32
    %tile_columns = arith.constant COLUMNS : i32
    %lanes = arith.constant 32 : i32
    %group_threads = arith.constant 128 : i32
    %nothing = arith.constant 0.0 : f32
    %first_row = arith.muli %block_row, %rows : i32
    %first_column = arith.muli %block_column, %tile_columns : i32
    %c = kcc.channel producers 1 consumers WARPS {kcc.shared_offset = 0 : i64, kcc.barriers_offset = SLOTS : i64} : !ring
    %loads = arith.cmpi ult, %thread, %group_threads : i32
    scf.if %loads {
      kcc.set_registers 24
      %first = arith.cmpi ult, %thread, %lanes : i32
      scf.if %first {
        %elected = kcc.elect
        scf.if %elected {
          scf.for %t = %zero to %tiles step %one : i32 {
            %start = arith.muli %t, %steps : i32
            %t_rows = arith.muli %t, %rows : i32
            %tile_row = arith.addi %first_row, %t_rows : i32
            scf.for %s = %zero to %steps step %one : i32 {
              %n = arith.addi %start, %s : i32
              %k = arith.muli %s, %c64 : i32
              %x, %y = kcc.acquire %c[%n] : !ring -> !a, !b
              kcc.copy_tile %a_map[%tile_row, %k] to %x on %c[%n] : !a, !ring
              kcc.copy_tile %b_map[%k, %first_column] to %y on %c[%n] : !b, !ring
              kcc.put %c[%n] : !ring
            }
          }
        }
      }
    } else {
      kcc.set_registers 240
      %of_groups = arith.subi %thread, %group_threads : i32
      %group = arith.divui %of_groups, %group_threads : i32
      %uniform, %valid = gpu.shuffle idx %group, %zero, %lanes : i32
      %group_row = arith.muli %uniform, %c64 : i32
      scf.for %t = %zero to %tiles step %one : i32 {
        %start = arith.muli %t, %steps : i32
        %t_rows = arith.muli %t, %rows : i32
        %r:COUNT = scf.for %s = %zero to %steps step %one iter_args(INITIAL) -> (TYPES) : i32 {
          %n = arith.addi %start, %s : i32
          %x, %y = kcc.get %c[%n] : !ring -> !a, !b
          %d:COUNT = kcc.async_mma "wgmma.m64nCOLUMNSk16.f32.f16" a(%x : !a) row %group_row b(%y : !b) column 0
              c(ACCUMULATORS : TYPES) {begins, commits} -> TYPES
          %w:COUNT = kcc.mma_wait 1 BEGUN : TYPES -> TYPES
          %before = arith.subi %n, %one : i32
          %is_later = arith.cmpi ugt, %s, %zero : i32
          kcc.release %c[%before] if %is_later : !ring
          scf.yield WAITED : TYPES
        }
        %e:COUNT = kcc.mma_wait 0 CARRIED : TYPES -> TYPES
        %end = arith.addi %start, %steps : i32
        %last = arith.subi %end, %one : i32
        kcc.release %c[%last] : !ring
        %of_group = arith.remui %thread, %group_threads : i32
        %warp = arith.divui %of_group, %lanes : i32
        %lane = arith.remui %of_group, %lanes : i32
        %warp_row = arith.muli %warp, %c16 : i32
        %lane_row = arith.divui %lane, %four : i32
        %row0 = arith.addi %warp_row, %lane_row : i32
        %row2 = arith.addi %row0, %group_row : i32
        %row3 = arith.addi %row2, %t_rows : i32
        %row1 = arith.addi %first_row, %row3 : i32
        %row_start = arith.muli %row1, %columns : i32
        %lane_column = arith.remui %lane, %four : i32
        %column0 = arith.muli %lane_column, %two : i32
        %column1 = arith.addi %first_column, %column0 : i32
        %place = arith.addi %row_start, %column1 : i32
        %upper = llvm.getelementptr %out[%place] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
        %eight_rows = arith.muli %columns, %eight : i32
        %lower = llvm.getelementptr %upper[%eight_rows] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
STORES
      }
    }
    gpu.return
  }
}
