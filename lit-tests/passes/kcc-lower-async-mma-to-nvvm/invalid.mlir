// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-async-mma-to-nvvm --verify-diagnostics --split-input-file %s

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{sm_90a has no matrix instruction 'wgmma.m64n12k16.f32.f16' of a warp group}}
    %d:4 = kcc.async_mma "wgmma.m64n12k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 0>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{the second factor has rows one behind the other as they are; matrix units read pieces of 32, 64 or 128 bytes}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf8E5M2, swizzle = 64>
!b = !kcc.buffer<64x64xf8E5M2, swizzle = 64>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{the second factor has elements of 8 bits that are no neighbours along the depth; matrix units only transpose 16 bits}}
    %d:4 = kcc.async_mma "wgmma.m64n8k32.f32.f8e5m2" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<1x64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{the second factor has 3 dimensions; matrix units read two}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf32, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{the first factor has elements of type f32}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<24x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{a depth of 24 is no multiple of the 16 of 'wgmma.m64n8k16.f32.f16'}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{8 columns from 60 on cannot be read from !kcc.buffer<64x64xf16, swizzle = 128>}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 60 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x128xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{16 columns from 56 on cannot be read from !kcc.buffer<64x128xf16, swizzle = 128>}}
    %d:8 = kcc.async_mma "wgmma.m64n16k16.f32.f16" a(%a : !a) b(%b : !b) column 56 c(%c, %c, %c, %c, %c, %c, %c, %c : f32, f32, f32, f32, f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32, f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{fragment C of 'wgmma.m64n8k16.f32.f16' has 4 elements in each thread, not 2}}
    %d:2 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c : f32, f32) {begins, commits} -> f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{there are 2 results for 4 registers of C}}
    %d:2 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x32xf16, swizzle = 64>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{'wgmma.m64n8k16.f32.f16' does not multiply !kcc.buffer<64x32xf16, swizzle = 64> and !kcc.buffer<64x64xf16, swizzle = 128>}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<32x64xf16, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{'wgmma.m64n8k16.f32.f16' does not multiply !kcc.buffer<32x64xf16, swizzle = 128> and !kcc.buffer<64x64xf16, swizzle = 128>}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{fragment A of 'wgmma.m64n8k16.f32.f16' has 32 elements in each thread, not 8}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%x, %x, %x, %x, %x, %x, %x, %x : f16, f16, f16, f16, f16, f16, f16, f16) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{a first factor in registers has no row to begin with}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x : f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16) row %a_address b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x64xf16, swizzle = 128>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %x: f16, %c: f32) {
    %wide = arith.extui %a_address : i32 to i64
    %a = builtin.unrealized_conversion_cast %wide : i64 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{a factor is the buffer of no slot}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @f(%x: f16, %y: i1) {
    // expected-error @+1 {{values of type f16 do not fill registers; 2 share one}}
    %a = kcc.mma_wait 0 %x : f16 -> f16
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @f(%x: f16, %y: i1) {
    // expected-error @+1 {{values of type i1 are in no registers that instructions of a warp group know}}
    %a = kcc.mma_wait 0 %y : i1 -> i1
    gpu.return
  }
}

// -----

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!b = !kcc.buffer<64x8xf16, swizzle = 128, contiguous = 0>
gpu.module @m {
  gpu.func @f(%a_address: i32, %b_address: i32, %c: f32) {
    %a = builtin.unrealized_conversion_cast %a_address : i32 to !a
    %b = builtin.unrealized_conversion_cast %b_address : i32 to !b
    // expected-error @+1 {{a depth of 32 from 48 on is no part of 64 in steps of the 16 of 'wgmma.m64n8k16.f32.f16'}}
    %d:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%a : !a) b(%b : !b) column 0 c(%c, %c, %c, %c : f32, f32, f32, f32)
        {begins, commits, kcc.part = array<i64: 48, 32>} -> f32, f32, f32, f32
    gpu.return
  }
}
