// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --split-input-file --kcc-specialize-warps --canonicalize --cse %s | FileCheck %s
// One group copies, one computes.

// CHECK-LABEL: gpu.func @gemm(
// CHECK-SAME:    !kcc.tensor_map {kcc.box = array<i64: 128, 64>, kcc.kind = "tensor_map", kcc.of = "A", kcc.swizzle = 128 : i64}
// CHECK-SAME:    !kcc.tensor_map {kcc.box = array<i64: 64, 64>, kcc.kind = "tensor_map", kcc.of = "B", kcc.swizzle = 128 : i64}
// CHECK-SAME:    !kcc.tensor_map {kcc.box = array<i64: 64, 32>, kcc.kind = "tensor_map", kcc.of = "C", kcc.swizzle = 128 : i64}) kernel
// CHECK-NEXT:    %[[RING:.*]] = kcc.channel producers 1 consumers 8 : !kcc.channel<4, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x256xf16, swizzle = 128>]>
// CHECK-NEXT:    kcc.start @gemm_copy({{.*}}, %[[RING]]) warps 4 registers 24 :
// CHECK-NEXT:    kcc.start @gemm_compute({{.*}}, %[[RING]]) warps 8 registers 240 :
// CHECK-NEXT:    gpu.return

// Neither products nor stores, only addresses and copies.
// CHECK-LABEL: gpu.func @gemm_copy(
// CHECK-SAME:    attributes {kcc.group, kcc.num_warps = 1 : i32, kcc.one_thread}
// CHECK-NOT:     kcc.view
// CHECK:         scf.for %[[K:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[N:.*]] = %c0_i32) -> (i32) : i64
// CHECK-NEXT:      %[[SLOT:.*]]:2 = kcc.acquire %[[C:.*]][%[[N]]]
// CHECK:           kcc.copy_tile %{{.*}}[%{{.*}}, %{{.*}}] to %[[SLOT]]#0 on %[[C]][%[[N]]]
// CHECK:           kcc.copy_tile %{{.*}}[%{{.*}}, %{{.*}}] to %[[SLOT]]#1 on %[[C]][%[[N]]]
// CHECK-NEXT:      kcc.put %[[C]][%[[N]]]
// CHECK-NEXT:      %[[NEXT:.*]] = arith.addi %[[N]], %c1_i32 : i32
// CHECK-NEXT:      scf.yield %[[NEXT]] : i32
// CHECK-NOT:     kcc.store_tile
// CHECK-NOT:     kcc.copy_out

// CHECK-LABEL: gpu.func @gemm_compute(
// CHECK-SAME:    attributes {kcc.group, kcc.num_warps = 8 : i32, kcc.scratch_limit = {{[0-9]+}} : i64}
// CHECK:         %[[R:.*]]:2 = scf.for %[[K:.*]] = %[[FROM:.*]] to %[[TO:.*]] step %{{.*}} iter_args(%[[ACC:.*]] = %{{.*}}, %[[N:.*]] = %c0_i32)
// CHECK-NEXT:      %[[SLOT:.*]]:2 = kcc.get %[[C:.*]][%[[N]]]
// CHECK-NEXT:      %[[NEXT:.*]] = arith.addi %[[N]], %c1_i32 : i32
// CHECK-NEXT:      %[[D:.*]] = kcc.async_matmul %[[SLOT]]#0, %[[SLOT]]#1, %[[ACC]]
// The product runs on into the next step, so a slot is given back one step later, and the last one behind the loop.
// CHECK-NEXT:      %[[E:.*]] = kcc.mma_wait 1 %[[D]]
// CHECK-NEXT:      %[[LATER:.*]] = arith.cmpi sgt, %[[K]], %[[FROM]]
// CHECK-NEXT:      %[[BEFORE:.*]] = arith.addi %[[N]], %c-1_i32
// CHECK-NEXT:      kcc.release %[[C]][%[[BEFORE]]] if %[[LATER]]
// CHECK-NEXT:      scf.yield %[[E]], %[[NEXT]]
// CHECK:         %[[DONE:.*]] = kcc.mma_wait 0 %[[R]]#0
// CHECK-NEXT:    %[[RAN:.*]] = arith.cmpi sgt, %[[TO]], %[[FROM]]
// CHECK-NEXT:    %[[LAST:.*]] = arith.addi %[[R]]#1, %c-1_i32
// CHECK-NEXT:    kcc.release %[[C]][%[[LAST]]] if %[[RAN]]
// CHECK:         kcc.copy_out %[[DONE]] to %{{.*}}[%{{.*}}, %{{.*}}] : tensor<128x256xf32>
// CHECK-NOT:     kcc.store_tile
gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %rows = arith.constant 128 : i64
    %columns = arith.constant 256 : i64
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %p1 = kcc.program_id 1
    %q0 = arith.extsi %p0 : i32 to i64
    %q1 = arith.extsi %p1 : i32 to i64
    %r = arith.muli %q0, %rows : i64
    %s = arith.muli %q1, %columns : i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x256xf32>) : i64 {
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %s] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x256xf16>
      %d = linalg.matmul ins(%at, %bt : tensor<128x64xf16>, tensor<64x256xf16>) outs(%acc : tensor<128x256xf32>) -> tensor<128x256xf32>
      scf.yield %d : tensor<128x256xf32>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<128x256xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

// A factor that is loaded once has a slot of its own, which is given back behind the loop; a transposed factor is the same
// buffer seen otherwise; the second product of a step has a channel of its own.
// CHECK-LABEL: gpu.func @scores(
// CHECK:         %[[Q:.*]] = kcc.channel producers 1 consumers 4 : !kcc.channel<1, [!kcc.buffer<64x64xf16, swizzle = 128>]>
// CHECK-NEXT:    %[[K:.*]] = kcc.channel producers 1 consumers 4 : !kcc.channel<8, [!kcc.buffer<128x64xf16, swizzle = 128>]>
// CHECK-LABEL: gpu.func @scores_copy(
// CHECK:         kcc.acquire
// CHECK:         kcc.put
// CHECK:         scf.for
// CHECK:           kcc.acquire
// CHECK:           kcc.put
// CHECK-LABEL: gpu.func @scores_compute(
// CHECK:         %[[QB:.*]] = kcc.get %[[QC:.*]][%c0_i32] : !kcc.channel<1,
// CHECK:         scf.for
// CHECK:           %[[KB:.*]] = kcc.get
// CHECK:           %[[T:.*]] = kcc.transpose_buffer %[[KB]] : !kcc.buffer<128x64xf16, swizzle = 128> -> !kcc.buffer<64x128xf16, swizzle = 128, contiguous = 0>
// CHECK:           kcc.async_matmul %[[QB]], %[[T]]
// CHECK:           kcc.mma_wait 0
// CHECK:           kcc.release
// CHECK:           kcc.store_tile
// CHECK:         }
// CHECK-NEXT:    kcc.release %[[QC]][%c0_i32]
gpu.module @m {
  gpu.func @scores(%q: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "Q", kcc.shape = ["M", 64 : i64]},
      %k: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "K", kcc.shape = ["N", 64 : i64]},
      %s: !kcc.ptr<f32> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "S", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %n: i64 {kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %d = arith.constant 64 : i64
    %step = arith.constant 128 : i64
    %none = arith.constant dense<0.0> : tensor<64x128xf32>
    %qv = kcc.view %q, sizes[%m, %d], strides[%d, %one] : !kcc.ptr<f16> -> !kcc.view<?x64xf16>
    %kv = kcc.view %k, sizes[%n, %d], strides[%d, %one] : !kcc.ptr<f16> -> !kcc.view<?x64xf16>
    %sv = kcc.view %s, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %qt = kcc.load_tile %qv[%zero, %zero] dims [0, 1] : !kcc.view<?x64xf16> -> tensor<64x64xf16>
    scf.for %i = %zero to %n step %step : i64 {
      %kt = kcc.load_tile %kv[%i, %zero] dims [0, 1] : !kcc.view<?x64xf16> -> tensor<128x64xf16>
      %e = tensor.empty() : tensor<64x128xf16>
      %t = linalg.transpose ins(%kt : tensor<128x64xf16>) outs(%e : tensor<64x128xf16>) permutation = [1, 0]
      %p = linalg.matmul ins(%qt, %t : tensor<64x64xf16>, tensor<64x128xf16>) outs(%none : tensor<64x128xf32>) -> tensor<64x128xf32>
      kcc.store_tile %p, %sv[%zero, %i] dims [0, 1] : tensor<64x128xf32>, !kcc.view<?x?xf32>
    }
    gpu.return
  }
}
