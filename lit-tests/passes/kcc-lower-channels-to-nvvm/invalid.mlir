// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-channels-to-nvvm --verify-diagnostics --split-input-file %s

gpu.module @m {
  gpu.func @no_place() kernel attributes {kcc.shared_bytes = 4096 : i64} {
    // expected-error @+1 {{the channel has no place in shared memory (kcc.shared_offset, kcc.barriers_offset)}}
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64} : !kcc.channel<2, [!kcc.buffer<8x64xf16, swizzle = 128>]>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @inside(%if: i1) kernel attributes {kcc.shared_bytes = 4096 : i64} {
    scf.if %if {
      // expected-error @+1 {{a channel is made inside of other operations; all threads of the block make it}}
      %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 2048 : i64} : !kcc.channel<2, [!kcc.buffer<8x64xf16, swizzle = 128>]>
    }
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @place() kernel attributes {kcc.shared_bytes = 4096 : i64} {
    // expected-error @+1 {{the channel begins at byte 512 and its barriers at byte 3072, which must be multiples of 1024 and 8}}
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 512 : i64, kcc.barriers_offset = 3072 : i64} : !kcc.channel<2, [!kcc.buffer<8x64xf16, swizzle = 128>]>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @large() kernel attributes {kcc.shared_bytes = 2064 : i64} {
    // expected-error @+1 {{the channel ends at byte 2080 of 2064 of shared memory}}
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 2048 : i64} : !kcc.channel<2, [!kcc.buffer<8x64xf16, swizzle = 128>]>
    gpu.return
  }
}

// -----

!a = !kcc.buffer<8x64xf16, swizzle = 128>
!ring = !kcc.channel<2, [!a]>
gpu.module @m {
  gpu.func @producers(%map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 8, 64>, kcc.swizzle = 128 : i64},
      %n: i32) kernel attributes {kcc.shared_bytes = 4096 : i64} {
    // expected-error @+1 {{the copy engine fills the channel for 2 producers, and how much each of them copies is not known}}
    %c = kcc.channel producers 2 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 2048 : i64} : !ring
    %a = kcc.acquire %c[%n] : !ring -> !a
    kcc.copy_tile %map[%n, %n] to %a on %c[%n] : !a, !ring
    gpu.return
  }
}

// -----

!a = !kcc.buffer<8x64xf16, swizzle = 128>
!ring = !kcc.channel<2, [!a, !a]>
gpu.module @m {
  gpu.func @half(%map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 8, 64>, kcc.swizzle = 128 : i64},
      %n: i32) kernel attributes {kcc.shared_bytes = 8192 : i64} {
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 4096 : i64} : !ring
    // expected-error @+1 {{buffer 1 of the slot is not filled by one copy on the same position of the same channel}}
    %a, %b = kcc.acquire %c[%n] : !ring -> !a, !a
    kcc.copy_tile %map[%n, %n] to %a on %c[%n] : !a, !ring
    gpu.return
  }
}

// -----

!a = !kcc.buffer<8x64xf16, swizzle = 128>
!ring = !kcc.channel<2, [!a]>
gpu.module @m {
  gpu.func @unknown_map(%map: !kcc.tensor_map, %n: i32) kernel attributes {kcc.shared_bytes = 4096 : i64} {
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 2048 : i64} : !ring
    %a = kcc.acquire %c[%n] : !ring -> !a
    // expected-error @+1 {{nothing is known of the map of a copy: argument 0 has no kcc.box and kcc.swizzle}}
    kcc.copy_tile %map[%n, %n] to %a on %c[%n] : !a, !ring
    gpu.return
  }
}

// -----

!a = !kcc.buffer<8x64xf16, swizzle = 128>
!ring = !kcc.channel<2, [!a]>
gpu.module @m {
  gpu.func @rank(%map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 8, 64>, kcc.swizzle = 128 : i64},
      %n: i32) kernel attributes {kcc.shared_bytes = 4096 : i64} {
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 2048 : i64} : !ring
    %a = kcc.acquire %c[%n] : !ring -> !a
    // expected-error @+1 {{a box of rank 2 has 3 offsets}}
    kcc.copy_tile %map[%n, %n, %n] to %a on %c[%n] : !a, !ring
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!at = !kcc.buffer<64x64xf16, swizzle = 128, contiguous = 0>
!ring = !kcc.channel<2, [!a]>
gpu.module @m {
  gpu.func @transposed(%map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64},
      %n: i32) kernel attributes {kcc.shared_bytes = 20480 : i64} {
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 16384 : i64} : !ring
    %a = kcc.acquire %c[%n] : !ring -> !a
    %t = kcc.transpose_buffer %a : !a -> !at
    // expected-error @+1 {{the copy engine keeps the order of dimensions; it cannot fill !kcc.buffer<64x64xf16, swizzle = 128, contiguous = 0>}}
    kcc.copy_tile %map[%n, %n] to %t on %c[%n] : !at, !ring
    gpu.return
  }
}

// -----

!a = !kcc.buffer<8x64xf16, swizzle = 128>
!ring = !kcc.channel<2, [!a]>
gpu.module @m {
  gpu.func @swizzle(%map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 8, 32>, kcc.swizzle = 64 : i64},
      %n: i32) kernel attributes {kcc.shared_bytes = 4096 : i64} {
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 2048 : i64} : !ring
    %a = kcc.acquire %c[%n] : !ring -> !a
    // expected-error @+1 {{a map with a swizzle of 64 bytes does not fill !kcc.buffer<8x64xf16, swizzle = 128>}}
    kcc.copy_tile %map[%n, %n] to %a on %c[%n] : !a, !ring
    gpu.return
  }
}

// -----

!a = !kcc.buffer<16x64xf16, swizzle = 128>
!ring = !kcc.channel<2, [!a]>
gpu.module @m {
  gpu.func @box(%map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 8, 64>, kcc.swizzle = 128 : i64},
      %n: i32) kernel attributes {kcc.shared_bytes = 8192 : i64} {
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 4096 : i64} : !ring
    %a = kcc.acquire %c[%n] : !ring -> !a
    // expected-error @+1 {{boxes of [8, 64] do not fill !kcc.buffer<16x64xf16, swizzle = 128>}}
    kcc.copy_tile %map[%n, %n] to %a on %c[%n] : !a, !ring
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @store(%other: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "C", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64},
      %p: !llvm.ptr<3>, %if: i1, %n: i32) kernel attributes {kcc.shared_bytes = 8192 : i64} {
    %map = arith.select %if, %other, %other : !kcc.tensor_map
    // expected-error @+1 {{the map of a store is no argument of the kernel}}
    kcc.bulk_store %p to %map[%n, %n] : !llvm.ptr<3>
    gpu.return
  }
}
