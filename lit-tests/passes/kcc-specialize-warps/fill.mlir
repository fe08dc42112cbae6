// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --split-input-file --kcc-specialize-warps --canonicalize --cse %s | FileCheck %s
// What the copy engine cannot bring is computed by warps that write it into slots.

// Rows of the first factor begin anywhere; the second has a tensor map.
// CHECK-LABEL: gpu.func @gemm(
// CHECK-SAME:    !kcc.tensor_map {kcc.box = array<i64: 64, 64>, kcc.kind = "tensor_map", kcc.of = "B", kcc.swizzle = 128 : i64}
// CHECK-NEXT:    %[[OURS:.*]] = kcc.channel producers 8 consumers 8 : !kcc.channel<{{[0-9]}}, [!kcc.buffer<128x64xf16, swizzle = 128>]>
// CHECK-NEXT:    %[[COPIED:.*]] = kcc.channel producers 1 consumers 8 : !kcc.channel<{{[0-9]}}, [!kcc.buffer<64x128xf16, swizzle = 128>]>
// CHECK-NEXT:    kcc.start @gemm_copy({{.*}}, %[[OURS]], %[[COPIED]]) warps 4 registers 24 :
// CHECK-NEXT:    kcc.start @gemm_fill({{.*}}, %[[OURS]], %[[COPIED]]) warps 8 registers 72 :
// CHECK-NEXT:    kcc.start @gemm_compute({{.*}}, %[[OURS]], %[[COPIED]]) warps 8 registers 152 :
// CHECK-NEXT:    gpu.return

// The slot is waited for when the factor is on its way; the fence stands before the slot is handed over.
// CHECK-LABEL: gpu.func @gemm_fill(
// CHECK-SAME:    attributes {kcc.group, kcc.num_warps = 8 : i32}
// CHECK:         scf.for %[[K:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[N:.*]] = %c0_i32) -> (i32) : i64
// CHECK-NEXT:      %[[X:.*]] = kcc.load_tile %{{.*}}[%{{.*}}, %[[K]]]
// CHECK-NEXT:      %[[Y:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK-NEXT:      %[[SLOT:.*]] = kcc.acquire %[[C:.*]][%[[N]]]
// CHECK-NEXT:      kcc.fill %[[Y]] to %[[SLOT]] on %[[C]][%[[N]]]
// CHECK-NEXT:      kcc.fence_async
// CHECK-NEXT:      kcc.put %[[C]][%[[N]]]
// CHECK-NOT:     linalg.matmul
// CHECK-NOT:     kcc.store_tile

// CHECK-LABEL: gpu.func @gemm_compute(
// CHECK-NOT:     kcc.load_tile
// CHECK-NOT:     arith.mulf
// CHECK:         scf.for
// CHECK:           %[[A:.*]] = kcc.get %[[OURS:.*]][%[[N:.*]]] : !kcc.channel<{{[0-9]}}, [!kcc.buffer<128x64xf16, swizzle = 128>]>
// CHECK:           %[[B:.*]] = kcc.get %[[COPIED:.*]][%[[M:.*]]] : !kcc.channel<{{[0-9]}}, [!kcc.buffer<64x128xf16, swizzle = 128>]>
// CHECK:           kcc.async_matmul %[[A]], %[[B]],
// CHECK:           kcc.release %[[OURS]]
// CHECK:           kcc.release %[[COPIED]]
gpu.module @m {
  gpu.func @gemm(%a: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %b: !kcc.ptr<f16> {kcc.divisibility = 16 : i64, kcc.kind = "tensor", kcc.name = "B", kcc.shape = ["K", "N"]},
      %c: !kcc.ptr<f32> {kcc.kind = "tensor", kcc.name = "C", kcc.shape = ["M", "N"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.kind = "size", kcc.name = "K"},
      %n: i64 {kcc.divisibility = 8 : i64, kcc.kind = "size", kcc.name = "N"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %step = arith.constant 64 : i64
    %tile = arith.constant 128 : i64
    %none = arith.constant dense<0.0> : tensor<128x128xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %bv = kcc.view %b, sizes[%k, %n], strides[%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %cv = kcc.view %c, sizes[%m, %n], strides[%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
    %p0 = kcc.program_id 0
    %p1 = kcc.program_id 1
    %q0 = arith.extsi %p0 : i32 to i64
    %q1 = arith.extsi %p1 : i32 to i64
    %r = arith.muli %q0, %tile : i64
    %s = arith.muli %q1, %tile : i64
    %sum = scf.for %i = %zero to %k step %step iter_args(%acc = %none) -> (tensor<128x128xf32>) : i64 {
      %at = kcc.load_tile %av[%r, %i] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<128x64xf16>
      %aa = arith.mulf %at, %at : tensor<128x64xf16>
      %bt = kcc.load_tile %bv[%i, %s] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x128xf16>
      %d = linalg.matmul ins(%aa, %bt : tensor<128x64xf16>, tensor<64x128xf16>) outs(%acc : tensor<128x128xf32>) -> tensor<128x128xf32>
      scf.yield %d : tensor<128x128xf32>
    }
    kcc.store_tile %sum, %cv[%r, %s] dims [0, 1] : tensor<128x128xf32>, !kcc.view<?x?xf32>
    gpu.return
  }
}

// -----

// A factor that the kernel itself writes is none that another group could load.
// CHECK-LABEL: gpu.func @in_place(
// CHECK-NOT:     kcc.start
gpu.module @m {
  gpu.func @in_place(%a: !kcc.ptr<f16> {kcc.kind = "tensor", kcc.name = "A", kcc.shape = ["M", "K"]},
      %m: i64 {kcc.kind = "size", kcc.name = "M"}, %k: i64 {kcc.kind = "size", kcc.name = "K"}) kernel {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %none = arith.constant dense<0.0> : tensor<64x64xf32>
    %av = kcc.view %a, sizes[%m, %k], strides[%k, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
    %at = kcc.load_tile %av[%zero, %zero] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x64xf16>
    %bt = kcc.load_tile %av[%zero, %one] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<64x64xf16>
    %d = linalg.matmul ins(%at, %bt : tensor<64x64xf16>, tensor<64x64xf16>) outs(%none : tensor<64x64xf32>) -> tensor<64x64xf32>
    %h = arith.truncf %d : tensor<64x64xf32> to tensor<64x64xf16>
    kcc.store_tile %h, %av[%zero, %zero] dims [0, 1] : tensor<64x64xf16>, !kcc.view<?x?xf16>
    gpu.return
  }
}
