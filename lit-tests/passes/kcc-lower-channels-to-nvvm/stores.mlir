// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-channels-to-nvvm %s | FileCheck %s

// A store of the copy engine is a group of its own; its coordinates come last dimension first.
// CHECK-LABEL: gpu.func @f(
// CHECK-SAME:    %[[MAP:.*]]: !llvm.ptr {{{.*}}}, %[[BOX:.*]]: !llvm.ptr<3>, %[[R:.*]]: i32, %[[C:.*]]: i32)
// CHECK-NEXT:    llvm.inline_asm has_side_effects "cp.async.bulk.wait_group.read 1;", "~{memory}"
// CHECK-NEXT:    llvm.inline_asm has_side_effects "fence.proxy.async.shared::cta;", "~{memory}"
// CHECK-NEXT:    %[[ADDRESS:.*]] = llvm.ptrtoint %[[BOX]] : !llvm.ptr<3> to i32
// CHECK-NEXT:    llvm.inline_asm has_side_effects "cp.async.bulk.tensor.2d.global.shared::cta.bulk_group [$0, {$1, $2}], [$3]; cp.async.bulk.commit_group;", "l,r,r,r,~{memory}" %[[MAP]], %[[C]], %[[R]], %[[ADDRESS]]
gpu.module @m {
  gpu.func @f(%map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "C", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64},
      %box: !llvm.ptr<3>, %r: i32, %c: i32) kernel attributes {kcc.shared_bytes = 8192 : i64} {
    kcc.bulk_wait 1
    kcc.fence_async
    kcc.bulk_store %box to %map[%r, %c] : !llvm.ptr<3>
    gpu.return
  }
}
