// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-channels-to-nvvm %s | kcc-opt --canonicalize --cse | FileCheck %s
// What is streamed is the first to leave the second cache; everything else is treated as usual.

!a = !kcc.buffer<64x64xf16, swizzle = 128>
!ring = !kcc.channel<2, [!a]>
gpu.module @m {
  // CHECK-LABEL: gpu.func @streamed
  // CHECK-SAME:    %[[S:[^:]*]]: i1)
  // CHECK-DAG:   %[[FIRST:.*]] = arith.constant 1364590687093260288 : i64
  // CHECK-DAG:   %[[USUAL:.*]] = arith.constant 1152921504606846976 : i64
  // CHECK:       %[[POLICY:.*]] = arith.select %[[S]], %[[FIRST]], %[[USUAL]] : i64
  // CHECK:       "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes.L2::cache_hint [$0], [$1, {$3, $4}], [$2], $5;", "r,l,r,r,r,l,~{memory}"
  // CHECK-SAME:      %[[POLICY]] :
  gpu.func @streamed(%map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64},
      %n: i32, %s: i1) kernel attributes {kcc.shared_bytes = 16416 : i64, known_block_size = array<i32: 128, 1, 1>} {
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 16384 : i64} : !ring
    %a = kcc.acquire %c[%n] : !ring -> !a
    kcc.copy_tile %map[%n, %n] to %a on %c[%n] streamed %s : !a, !ring
    kcc.put %c[%n] : !ring
    gpu.return
  }
}
