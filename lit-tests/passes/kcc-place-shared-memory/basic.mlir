// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-place-shared-memory %s | FileCheck %s --check-prefixes=CHECK,NVIDIA
// RUN: kcc-opt --target mi300 --kcc-place-shared-memory %s | FileCheck %s --check-prefixes=CHECK,AMD

// What can be declared is; more than 48 KiB is asked for at launch on NVIDIA GPUs.
// CHECK-DAG:  llvm.mlir.global internal @small_shared() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<4096 x i8>
// NVIDIA-DAG: llvm.mlir.global external @large_shared() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<0 x i8>
// AMD-DAG:    llvm.mlir.global internal @large_shared() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<65536 x i8>
// CHECK-LABEL: gpu.func @small
// CHECK: llvm.mlir.addressof @small_shared : !llvm.ptr<3>
// CHECK-LABEL: gpu.func @large
// CHECK: llvm.mlir.addressof @large_shared : !llvm.ptr<3>
// CHECK-NOT: kcc.shared_base
gpu.module @m {
  gpu.func @small(%x: i32) kernel attributes {kcc.shared_bytes = 4096 : i64} {
    %b = kcc.shared_base : !llvm.ptr<3>
    llvm.store %x, %b : i32, !llvm.ptr<3>
    gpu.return
  }
  gpu.func @large(%x: i32) kernel attributes {kcc.shared_bytes = 65536 : i64} {
    %b = kcc.shared_base : !llvm.ptr<3>
    llvm.store %x, %b : i32, !llvm.ptr<3>
    gpu.return
  }
}
