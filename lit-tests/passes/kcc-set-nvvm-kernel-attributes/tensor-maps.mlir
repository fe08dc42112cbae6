// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-set-nvvm-kernel-attributes %s | FileCheck %s

// CHECK: llvm.func @f(%arg0: !llvm.ptr {llvm.noalias}, %arg1: i64,
// CHECK-SAME: %arg2: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant},
// CHECK-SAME: %arg3: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant})
// CHECK: llvm.func @g(%arg0: !llvm.ptr {llvm.align = 64 : i64,
gpu.module @m {
  llvm.func @f(%a: !llvm.ptr {llvm.noalias}, %n: i64, %x: !llvm.ptr, %y: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel,
      gpu.known_block_size = array<i32: 128, 1, 1>, kcc.tensor_maps = [
        {box = array<i64: 8>, of = "A", promotion = 128 : i64, swizzle = 0 : i64},
        {box = array<i64: 8>, of = "A", promotion = 128 : i64, swizzle = 0 : i64}]} {
    llvm.return
  }
  llvm.func @g(%x: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel, gpu.known_block_size = array<i32: 128, 1, 1>,
      kcc.tensor_maps = [{box = array<i64: 8>, of = "A", promotion = 128 : i64, swizzle = 0 : i64}]} {
    llvm.return
  }
}
