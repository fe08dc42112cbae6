// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One thread lets the copy engine fill a ring of three slots, the warps of two groups take them.
!a = !kcc.buffer<64x128xf16, swizzle = 128>
!b = !kcc.buffer<32x32xf32, swizzle = 64>
!ring = !kcc.channel<3, [!a, !b]>
gpu.module @channels {
  gpu.func @channels(%steps: i32,
      %a_map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64},
      %b_map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "B", kcc.box = array<i64: 1, 32, 16>, kcc.swizzle = 64 : i64}) kernel
      attributes {known_block_size = array<i32: THREADS, 1, 1>, kcc.shared_bytes = 61488 : i64} {
    %tid = gpu.thread_id x
    %thread = arith.index_cast %tid : index to i32
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %lanes = arith.constant 32 : i32
    %group_threads = arith.constant 128 : i32
    %warp = arith.divui %thread, %lanes : i32
    %c64 = arith.constant 64 : i32
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 61440 : i64} : !ring
    %loads = arith.cmpi ult, %thread, %group_threads : i32
    scf.if %loads {
      kcc.set_registers 24
      %first = arith.cmpi eq, %warp, %zero : i32
      scf.if %first {
        %elected = kcc.elect
        scf.if %elected {
          scf.for %n = %zero to %steps step %one : i32 {
            %k = arith.muli %n, %c64 : i32
            %a, %b = kcc.acquire %c[%n] : !ring -> !a, !b
            kcc.copy_tile %a_map[%zero, %k] to %a on %c[%n] : !a, !ring
            kcc.copy_tile %b_map[%n, %k, %zero] to %b on %c[%n] : !b, !ring
            kcc.put %c[%n] : !ring
          }
        }
      }
    } else {
      kcc.set_registers 232
      scf.for %n = %zero to %steps step %one : i32 {
        %a, %b = kcc.get %c[%n] : !ring -> !a, !b
        %barrier = arith.divui %thread, %group_threads : i32
        kcc.group_barrier %barrier threads 128
        kcc.release %c[%n] : !ring
      }
    }
    gpu.return
  }
}
