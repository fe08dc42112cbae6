// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --split-input-file --kcc-verify-protocol %s | FileCheck %s
// A kernel that goes through tiles with one ring: right, and left as it is.

// CHECK-LABEL: gpu.func @f(
// CHECK:         kcc.release
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        kcc.release %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// A product runs on into the next step; slots are given back one step later, the last one behind the loop if it has run.
// CHECK-LABEL: gpu.func @f(
// CHECK-COUNT-2: kcc.release
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %minus = arith.constant -1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 1 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        %later = arith.cmpi sgt, %k, %zero : i32
        %before = arith.addi %n, %minus : i32
        kcc.release %c[%before] if %later : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      %done = kcc.mma_wait 0 %sum : tensor<128x256xf32> -> tensor<128x256xf32>
      %ran = arith.cmpi slt, %zero, %steps : i32
      %last = arith.addi %next, %minus : i32
      kcc.release %c[%last] if %ran : !ring
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// Boxes go out through two slots: while one is read the other is filled.
// CHECK-LABEL: gpu.func @store(
// CHECK-COUNT-2: kcc.bulk_store
!ring = !kcc.channel<2, [!kcc.buffer<64x64xf16, swizzle = 128>]>
gpu.module @m {
  gpu.func @f(%map: !kcc.tensor_map, %tiles: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 32768 : i64} : !ring
    kcc.start @store(%map, %tiles, %c) warps 4 : !kcc.tensor_map, i32, !ring
    gpu.return
  }
  gpu.func @store(%map: !kcc.tensor_map, %tiles: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 4 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %x = arith.constant 1.0 : f32
    %base = kcc.shared_base : !llvm.ptr<3>
    %next = llvm.getelementptr %base[8192] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
    scf.for %t = %zero to %tiles step %one : i32 {
      kcc.bulk_wait 1
      kcc.warp_group_barrier
      llvm.store %x, %base : f32, !llvm.ptr<3>
      kcc.fence_async
      kcc.warp_group_barrier
      kcc.bulk_store %base to %map[%t, %zero] : !llvm.ptr<3>
      kcc.bulk_wait 1
      kcc.warp_group_barrier
      llvm.store %x, %next : f32, !llvm.ptr<3>
      kcc.fence_async
      kcc.warp_group_barrier
      kcc.bulk_store %next to %map[%t, %one] : !llvm.ptr<3>
    }
    kcc.bulk_wait 0
    gpu.return
  }
}

// -----

// A thousand steps are proved as any number of them is, not step by step.
// CHECK-LABEL: gpu.func @f(
// CHECK:         kcc.release
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %steps = arith.constant 1000 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %steps = arith.constant 1000 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        kcc.release %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}
