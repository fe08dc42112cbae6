// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-take-turns %s | FileCheck %s
// Two instances of four warps, each with every other program of its block. A position of the ring is skipped for each step
// that the other instance makes; a channel without buffers says whose turn it is.

// CHECK-LABEL: gpu.func @gemm(
// CHECK:         %[[RING:.*]] = kcc.channel producers 1 consumers 4 : !kcc.channel<6,
// CHECK:         %[[TURNS:.*]] = kcc.channel producers 1 consumers 4 : !kcc.channel<2, []>
// CHECK:         kcc.start @gemm_copy(
// CHECK:         kcc.start @gemm_compute({{.*}}, %[[RING]], %[[TURNS]]) warps 4 instances 2 registers 240
// CHECK-LABEL: gpu.func @gemm_copy(
// CHECK-NOT:     kcc.skip_loop
// CHECK-LABEL: gpu.func @gemm_compute(
// CHECK-SAME:      %[[K:arg4]]: i64
// CHECK-SAME:      %[[OWN:arg10]]: !kcc.channel<2, []>, %[[I:.*]]: i32)
// CHECK-SAME:      kcc.num_warps = 4 : i32
// CHECK:         %[[FIRST:.*]] = kcc.program_id 0
// CHECK:         %[[BLOCKS:.*]] = kcc.num_programs 0
// CHECK:         %[[MORE:.*]] = arith.muli %[[I]], %[[BLOCKS]] : i32
// CHECK:         %[[BEGIN:.*]] = arith.addi %[[FIRST]], %[[MORE]] : i32
// CHECK:         %[[STEP:.*]] = arith.muli %[[BLOCKS]], %c2_i32 : i32
// CHECK:         %[[POSITION:.*]] = kcc.skip_loop %c0_i32 by %[[I]] of %c0_i64 to %[[K]] step %c64_i64 : i64
// CHECK:         scf.for %{{.*}} = %[[BEGIN]] to %{{.*}} step %[[STEP]] iter_args(%[[N:.*]] = %[[POSITION]], %[[TURN:.*]] = %[[I]])
// CHECK:           %[[NEXT:.*]] = arith.addi %[[TURN]], %c1_i32{{.*}} : i32
// CHECK-NEXT:      kcc.acquire %[[OWN]][%[[NEXT]]] : !kcc.channel<2, []>
// CHECK-NEXT:      %[[SUM:.*]]:2 = scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}, %{{.*}} = %[[N]])
// CHECK:             kcc.async_matmul
// CHECK:           }
// CHECK-NEXT:      kcc.release %[[OWN]][%[[TURN]]] : !kcc.channel<2, []>
// CHECK-NEXT:      kcc.mma_wait 0 %[[SUM]]#0
// CHECK:           kcc.copy_out
// CHECK:           %[[OTHER:.*]] = kcc.skip_loop %[[SUM]]#1 by %c1_i32{{.*}} of %c0_i64 to %[[K]] step %c64_i64 : i64
// CHECK:           %[[LATER:.*]] = arith.addi %[[TURN]], %c2_i32{{.*}} : i32
// CHECK-NEXT:      scf.yield %[[OTHER]], %[[LATER]] : i32, i32
gpu.module @m {
  gpu.func @gemm(%arg0: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]}, %arg1: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]}, %arg2: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]}, %arg3: i64 {kcc.kind = "size", kcc.name = "M"}, %arg4: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"}, %arg5: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}, %arg6: !kcc.tensor_map {kcc.box = array<i64: 128, 64>, kcc.kind = "tensor_map", kcc.of = "A", kcc.swizzle = 128 : i64}, %arg7: !kcc.tensor_map {kcc.box = array<i64: 64, 64>, kcc.kind = "tensor_map", kcc.of = "B", kcc.swizzle = 128 : i64}, %arg8: !kcc.tensor_map {kcc.box = array<i64: 64, 32>, kcc.kind = "tensor_map", kcc.of = "C", kcc.swizzle = 128 : i64}) kernel attributes {kcc.num_warps = 1 : i32, kcc.persistent = 1 : i32, kcc.program_group = 16 : i64} {
    %0 = kcc.channel producers 1 consumers 8 : !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]>
    kcc.start @gemm_copy(%arg0, %arg1, %arg2, %arg3, %arg4, %arg5, %arg6, %arg7, %arg8, %0) warps 4 registers 24 : !kcc.ptr<f16>, !kcc.ptr<f16>, !kcc.ptr<f32>, i64, i64, i64, !kcc.tensor_map, !kcc.tensor_map, !kcc.tensor_map, !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]>
    kcc.start @gemm_compute(%arg0, %arg1, %arg2, %arg3, %arg4, %arg5, %arg6, %arg7, %arg8, %0) warps 8 registers 240 : !kcc.ptr<f16>, !kcc.ptr<f16>, !kcc.ptr<f32>, i64, i64, i64, !kcc.tensor_map, !kcc.tensor_map, !kcc.tensor_map, !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]>
    gpu.return
  }
  gpu.func @gemm_copy(%arg0: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]}, %arg1: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]}, %arg2: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]}, %arg3: i64 {kcc.kind = "size", kcc.name = "M"}, %arg4: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"}, %arg5: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}, %arg6: !kcc.tensor_map {kcc.box = array<i64: 128, 64>, kcc.kind = "tensor_map", kcc.of = "A", kcc.swizzle = 128 : i64}, %arg7: !kcc.tensor_map {kcc.box = array<i64: 64, 64>, kcc.kind = "tensor_map", kcc.of = "B", kcc.swizzle = 128 : i64}, %arg8: !kcc.tensor_map {kcc.box = array<i64: 64, 32>, kcc.kind = "tensor_map", kcc.of = "C", kcc.swizzle = 128 : i64}, %arg9: !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]>) attributes {kcc.group, kcc.num_warps = 1 : i32, kcc.one_thread} {
    %c1_i32 = arith.constant 1 : i32
    %c16_i32 = arith.constant 16 : i32
    %c0_i32 = arith.constant 0 : i32
    %c0_i64 = arith.constant 0 : i64
    %c64_i64 = arith.constant 64 : i64
    %c128_i64 = arith.constant 128 : i64
    %c127_i64 = arith.constant 127 : i64
    %0 = arith.addi %arg3, %c127_i64 : i64
    %1 = arith.divui %0, %c128_i64 : i64
    %2 = arith.trunci %1 {kcc.extent = 0 : i64} : i64 to i32
    %3 = arith.addi %arg5, %c127_i64 : i64
    %4 = arith.divui %3, %c128_i64 : i64
    %5 = arith.trunci %4 {kcc.extent = 1 : i64} : i64 to i32
    %6 = arith.muli %2, %5 : i32
    %7 = kcc.program_id 0
    %8 = kcc.num_programs 0
    %9 = scf.for %arg10 = %7 to %6 step %8 iter_args(%arg11 = %c0_i32) -> (i32)  : i32 {
      %10 = arith.muli %5, %c16_i32 : i32
      %11 = arith.divui %arg10, %10 : i32
      %12 = arith.muli %11, %c16_i32 : i32
      %13 = arith.remui %arg10, %10 : i32
      %14 = arith.subi %2, %12 : i32
      %15 = arith.minui %14, %c16_i32 : i32
      %16 = arith.remui %13, %15 : i32
      %17 = arith.addi %12, %16 : i32
      %18 = arith.divui %13, %15 : i32
      %19 = arith.extsi %17 : i32 to i64
      %20 = arith.extsi %18 : i32 to i64
      %21 = arith.muli %19, %c128_i64 : i64
      %22 = arith.muli %20, %c128_i64 : i64
      %23 = scf.for %arg12 = %c0_i64 to %arg4 step %c64_i64 iter_args(%arg13 = %arg11) -> (i32)  : i64 {
        %24:2 = kcc.acquire %arg9[%arg13] : !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]> -> !kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>
        %25 = arith.trunci %21 : i64 to i32
        %26 = arith.trunci %arg12 : i64 to i32
        %27 = arith.cmpi ule, %5, %c16_i32 : i32
        kcc.copy_tile %arg6[%25, %26] to %24#0 on %arg9[%arg13] streamed %27 : !kcc.buffer<128x64xf16, swizzle = 128>, !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]>
        %28 = arith.trunci %22 : i64 to i32
        %29 = arith.cmpi ule, %2, %c16_i32 : i32
        kcc.copy_tile %arg7[%26, %28] to %24#1 on %arg9[%arg13] streamed %29 : !kcc.buffer<64x128xf16, swizzle = 128>, !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]>
        kcc.put %arg9[%arg13] : !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]>
        %30 = arith.addi %arg13, %c1_i32 : i32
        scf.yield %30 : i32
      }
      scf.yield %23 : i32
    }
    gpu.return
  }
  gpu.func @gemm_compute(%arg0: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]}, %arg1: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]}, %arg2: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]}, %arg3: i64 {kcc.kind = "size", kcc.name = "M"}, %arg4: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"}, %arg5: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}, %arg6: !kcc.tensor_map {kcc.box = array<i64: 128, 64>, kcc.kind = "tensor_map", kcc.of = "A", kcc.swizzle = 128 : i64}, %arg7: !kcc.tensor_map {kcc.box = array<i64: 64, 64>, kcc.kind = "tensor_map", kcc.of = "B", kcc.swizzle = 128 : i64}, %arg8: !kcc.tensor_map {kcc.box = array<i64: 64, 32>, kcc.kind = "tensor_map", kcc.of = "C", kcc.swizzle = 128 : i64}, %arg9: !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]>) attributes {kcc.group, kcc.num_warps = 8 : i32, kcc.scratch_limit = 2944 : i64} {
    %c-1_i32 = arith.constant -1 : i32
    %c1_i32 = arith.constant 1 : i32
    %c16_i32 = arith.constant 16 : i32
    %c0_i32 = arith.constant 0 : i32
    %c0_i64 = arith.constant 0 : i64
    %c64_i64 = arith.constant 64 : i64
    %c128_i64 = arith.constant 128 : i64
    %cst = arith.constant dense<0.000000e+00> : tensor<128x128xf32>
    %c127_i64 = arith.constant 127 : i64
    %0 = arith.addi %arg3, %c127_i64 : i64
    %1 = arith.divui %0, %c128_i64 : i64
    %2 = arith.trunci %1 {kcc.extent = 0 : i64} : i64 to i32
    %3 = arith.addi %arg5, %c127_i64 : i64
    %4 = arith.divui %3, %c128_i64 : i64
    %5 = arith.trunci %4 {kcc.extent = 1 : i64} : i64 to i32
    %6 = arith.muli %2, %5 : i32
    %7 = kcc.program_id 0
    %8 = kcc.num_programs 0
    %9 = scf.for %arg10 = %7 to %6 step %8 iter_args(%arg11 = %c0_i32) -> (i32)  : i32 {
      %10 = arith.muli %5, %c16_i32 : i32
      %11 = arith.divui %arg10, %10 : i32
      %12 = arith.muli %11, %c16_i32 : i32
      %13 = arith.remui %arg10, %10 : i32
      %14 = arith.subi %2, %12 : i32
      %15 = arith.minui %14, %c16_i32 : i32
      %16 = arith.remui %13, %15 : i32
      %17 = arith.addi %12, %16 : i32
      %18 = arith.divui %13, %15 : i32
      %19 = arith.extsi %17 : i32 to i64
      %20 = arith.extsi %18 : i32 to i64
      %21 = arith.muli %19, %c128_i64 : i64
      %22 = arith.muli %20, %c128_i64 : i64
      %23:2 = scf.for %arg12 = %c0_i64 to %arg4 step %c64_i64 iter_args(%arg13 = %cst, %arg14 = %arg11) -> (tensor<128x128xf32>, i32)  : i64 {
        %29:2 = kcc.get %arg9[%arg14] : !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]> -> !kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>
        %30 = arith.addi %arg14, %c1_i32 : i32
        %31 = kcc.async_matmul %29#0, %29#1, %arg13 : !kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>, tensor<128x128xf32>
        %32 = kcc.mma_wait 1 %31 : tensor<128x128xf32> -> tensor<128x128xf32>
        %33 = arith.cmpi sgt, %arg12, %c0_i64 : i64
        %34 = arith.addi %arg14, %c-1_i32 : i32
        kcc.release %arg9[%34] if %33 : !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]>
        scf.yield %32, %30 : tensor<128x128xf32>, i32
      }
      %24 = kcc.mma_wait 0 %23#0 : tensor<128x128xf32> -> tensor<128x128xf32>
      %25 = arith.cmpi sgt, %arg4, %c0_i64 : i64
      %26 = arith.addi %23#1, %c-1_i32 : i32
      kcc.release %arg9[%26] if %25 : !kcc.channel<6, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x128xf16, swizzle = 128>]>
      %27 = arith.trunci %21 : i64 to i32
      %28 = arith.trunci %22 : i64 to i32
      kcc.copy_out %24 to %arg8[%27, %28] : tensor<128x128xf32>
      scf.yield %23#1 : i32
    }
    gpu.return
  }
}
