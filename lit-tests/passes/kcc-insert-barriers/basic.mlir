// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --kcc-insert-barriers %s | FileCheck %s

#a = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [[32], [64]], block = []>
#b = #kcc.layout<rank = 1, register = [], lane = [[4], [8], [16], [32], [64]], warp = [[1], [2]], block = []>

gpu.module @m {
  // The third may overwrite the first: the barrier inside of the second ended its reads. The fourth may not.
  // CHECK-LABEL: gpu.func @turns
  // CHECK:         kcc.convert_layout {{.*}} {kcc.shared_offset = 0 : i64, kcc.shared_size = 512 : i64}
  // CHECK:         kcc.convert_layout {{.*}} {kcc.shared_offset = 512 : i64, kcc.shared_size = 512 : i64}
  // CHECK:         kcc.convert_layout {{.*}} {kcc.shared_offset = 0 : i64, kcc.shared_size = 512 : i64}
  // CHECK:         kcc.convert_layout {{.*}} {kcc.barrier_before, kcc.shared_offset = 256 : i64, kcc.shared_size = 512 : i64}
  gpu.func @turns() kernel attributes {kcc.num_warps = 4 : i32} {
    %i = kcc.arange : tensor<128xi32, #a>
    %1 = kcc.convert_layout %i {kcc.shared_offset = 0 : i64, kcc.shared_size = 512 : i64} : tensor<128xi32, #a> -> tensor<128xi32, #b>
    %2 = kcc.convert_layout %1 {kcc.shared_offset = 512 : i64, kcc.shared_size = 512 : i64} : tensor<128xi32, #b> -> tensor<128xi32, #a>
    %3 = kcc.convert_layout %2 {kcc.shared_offset = 0 : i64, kcc.shared_size = 512 : i64} : tensor<128xi32, #a> -> tensor<128xi32, #b>
    %4 = kcc.convert_layout %3 {kcc.shared_offset = 256 : i64, kcc.shared_size = 512 : i64} : tensor<128xi32, #b> -> tensor<128xi32, #a>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @loop
  // CHECK:         scf.for
  // CHECK:           kcc.convert_layout {{.*}} {kcc.barrier_before,
  gpu.func @loop(%n: i32) kernel attributes {kcc.num_warps = 4 : i32} {
    %c0 = arith.constant 0 : i32
    %c1 = arith.constant 1 : i32
    %i = kcc.arange : tensor<128xi32, #a>
    scf.for %k = %c0 to %n step %c1 : i32 {
      %1 = kcc.convert_layout %i {kcc.shared_offset = 0 : i64, kcc.shared_size = 512 : i64} : tensor<128xi32, #a> -> tensor<128xi32, #b>
    }
    gpu.return
  }
}

// Elements of an array that another thread reads are not overwritten before; those of another array may be.
// CHECK-LABEL: gpu.func @shift
// CHECK:         kcc.load
// CHECK-NOT:     kcc.barrier_before
// CHECK:         kcc.store {{.*}} : tensor<
// CHECK:         kcc.store {{.*}} {kcc.barrier_before} : tensor<
#l = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [], block = []>
gpu.module @global {
  gpu.func @shift(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 1 : i32} {
    %i = kcc.arange : tensor<32xi32, #l>
    %j = kcc.arange {start = 1 : i64} : tensor<32xi32, #l>
    %v = kcc.load %x[%j] : !kcc.ptr<f32>, tensor<32xi32, #l> -> tensor<32xf32, #l>
    kcc.store %v, %y[%i] : tensor<32xf32, #l>, !kcc.ptr<f32>, tensor<32xi32, #l>
    kcc.store %v, %x[%i] : tensor<32xf32, #l>, !kcc.ptr<f32>, tensor<32xi32, #l>
    gpu.return
  }
}
