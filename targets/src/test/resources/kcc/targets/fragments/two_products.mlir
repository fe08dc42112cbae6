// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of 64 rows of a first factor that stays with keys, narrowed and multiplied by values.
!q = !kcc.buffer<64x64xf16, swizzle = 128>
!k = !kcc.buffer<64x64xf16, swizzle = 128>
!kt = !kcc.buffer<64x64xf16, swizzle = 128, contiguous = 0>
!keep = !kcc.channel<1, [!q]>
!ring = !kcc.channel<2, [!k, !k]>
gpu.module @products {
  gpu.func @products(%out: !llvm.ptr<1>, %steps: i32,
      %k_map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "K", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64},
      %v_map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "V", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64}) kernel
      attributes {known_block_size = array<i32: 256, 1, 1>, kcc.shared_bytes = 41008 : i64} {
    %tid = gpu.thread_id x
    %thread = arith.index_cast %tid : index to i32
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %c64 = arith.constant 64 : i32
    %lanes = arith.constant 32 : i32
    %group_threads = arith.constant 128 : i32
    %nothing = arith.constant 0.0 : f32
    %keep = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 40960 : i64} : !keep
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 8192 : i64, kcc.barriers_offset = 40976 : i64} : !ring
    %loads = arith.cmpi ult, %thread, %group_threads : i32
    scf.if %loads {
      kcc.set_registers 24
      %first = arith.cmpi ult, %thread, %lanes : i32
      scf.if %first {
        %elected = kcc.elect
        scf.if %elected {
          %q = kcc.acquire %keep[%zero] : !keep -> !q
          kcc.copy_tile %k_map[%zero, %zero] to %q on %keep[%zero] : !q, !keep
          kcc.put %keep[%zero] : !keep
          scf.for %n = %zero to %steps step %one : i32 {
            %row = arith.muli %n, %c64 : i32
            %k, %v = kcc.acquire %c[%n] : !ring -> !k, !k
            kcc.copy_tile %k_map[%row, %zero] to %k on %c[%n] : !k, !ring
            kcc.copy_tile %v_map[%row, %zero] to %v on %c[%n] : !k, !ring
            kcc.put %c[%n] : !ring
          }
        }
      }
    } else {
      kcc.set_registers 240
      %q = kcc.get %keep[%zero] : !keep -> !q
      %e:32 = scf.for %n = %zero to %steps step %one iter_args(INITIAL) -> (TYPES) : i32 {
        %k, %v0 = kcc.get %c[%n] : !ring -> !k, !k
        %kt = kcc.transpose_buffer %k : !k -> !kt
        %s:32 = kcc.async_mma "wgmma.m64n64k16.f32.f16" a(%q : !q) b(%kt : !kt) column 0
            c(NOTHING : TYPES) {begins, commits} -> TYPES
        %w:32 = kcc.mma_wait 0 SCORES_BEGUN : TYPES -> TYPES
        NARROWED
        %o:32 = kcc.async_mma "wgmma.m64n64k16.f32.f16" a(FACTOR : FACTOR_TYPES) b(%v0 : !k) column 0
            c(ACCUMULATORS : TYPES) {begins, commits} -> TYPES
        %v:32 = kcc.mma_wait 0 SUMS_BEGUN : TYPES -> TYPES
        kcc.release %c[%n] : !ring
        scf.yield DONE : TYPES
      }
      %upper = llvm.getelementptr %out[%thread] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
STORES
    }
    gpu.return
  }
}
