// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-to-fragments --canonicalize --cse %s | FileCheck %s

#vec = #kcc.layout<rank = 1, register = [[1], [2]], lane = [[4], [8], [16], [32], [64]], warp = []
                   , block = []>
#one = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [], block = []>
#half = #kcc.layout<rank = 1, register = [[0]], lane = [[1], [2], [4], [8], [0]], warp = [], block = []>

gpu.module @m {
  // Four neighbours of 4 bytes in a thread are one access.
  // CHECK-LABEL: gpu.func @scale(%{{.*}}: !llvm.ptr<1> {kcc.divisibility = 16 : i64})
  // CHECK-SAME:    known_block_size = array<i32: 32, 1, 1>
  // CHECK:         %[[ADDRESS:.*]] = llvm.getelementptr
  // CHECK:         %[[V:.*]] = llvm.load %[[ADDRESS]] {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
  // CHECK-COUNT-4: arith.mulf {{.*}} fastmath<nnan> : f32
  // CHECK:         llvm.store {{.*}} {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
  // CHECK-NEXT:    gpu.return
  gpu.func @scale(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}) kernel attributes {kcc.num_warps = 1 : i32} {
    %two = arith.constant dense<2.0> : tensor<128xf32, #vec>
    %i = kcc.arange : tensor<128xi32, #vec>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<128xi32, #vec> -> tensor<128xf32, #vec>
    %w = arith.mulf %v, %two fastmath<nnan> : tensor<128xf32, #vec>
    kcc.store %w, %x[%i] : tensor<128xf32, #vec>, !kcc.ptr<f32>, tensor<128xi32, #vec>
    gpu.return
  }

  // The bound is a multiple of 4, so the four elements of a thread are on one side of it: one comparison.
  // CHECK-LABEL: gpu.func @one_condition
  // CHECK:         %[[INSIDE:.*]] = arith.cmpi slt
  // CHECK-NOT:     arith.cmpi
  // CHECK:         arith.select %[[INSIDE]]
  // CHECK:         gpu.return
  gpu.func @one_condition(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, %n: i32 {kcc.divisibility = 4 : i64}) kernel
      attributes {kcc.num_warps = 1 : i32} {
    %one = arith.constant dense<1.0> : tensor<128xf32, #vec>
    %two = arith.constant dense<2.0> : tensor<128xf32, #vec>
    %i = kcc.arange : tensor<128xi32, #vec>
    %end = tensor.splat %n : tensor<128xi32, #vec>
    %inside = arith.cmpi slt, %i, %end : tensor<128xi32, #vec>
    %v = arith.select %inside, %one, %two : tensor<128xi1, #vec>, tensor<128xf32, #vec>
    kcc.store %v, %x[%i] : tensor<128xf32, #vec>, !kcc.ptr<f32>, tensor<128xi32, #vec>
    gpu.return
  }

  // A mask that may end inside of a vector: vectors in full threads, single elements in the others.
  // CHECK-LABEL: gpu.func @ragged
  // CHECK:         scf.if
  // CHECK:           llvm.load {{.*}} -> vector<4xf32>
  // CHECK:         else
  // CHECK-COUNT-4:   kcc.load_vector {{.*}} -> f32
  gpu.func @ragged(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, %n: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %i = kcc.arange : tensor<128xi32, #vec>
    %limit = tensor.splat %n : tensor<128xi32, #vec>
    %m = arith.cmpi slt, %i, %limit : tensor<128xi32, #vec>
    %v = kcc.load %x[%i] mask %m : !kcc.ptr<f32>, tensor<128xi32, #vec> -> tensor<128xf32, #vec>
    kcc.store %v, %x[%i] mask %m : tensor<128xf32, #vec>, !kcc.ptr<f32>, tensor<128xi32, #vec>
    gpu.return
  }

  // A mask that is the same for a whole vector is its predicate.
  // CHECK-LABEL: gpu.func @masked
  // CHECK:         kcc.load_vector %{{.*}} if %{{.*}} else %{{.*}} {alignment = 16 : i64} : {{.*}} -> vector<4xf32>
  // CHECK-NOT:     kcc.load_vector
  // CHECK:         kcc.store_vector %{{.*}}, %{{.*}} if %{{.*}} {alignment = 16 : i64} : vector<4xf32>
  gpu.func @masked(%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, %n: i32 {kcc.divisibility = 4 : i64}) kernel
      attributes {kcc.num_warps = 1 : i32} {
    %i = kcc.arange : tensor<128xi32, #vec>
    %limit = tensor.splat %n : tensor<128xi32, #vec>
    %m = arith.cmpi slt, %i, %limit : tensor<128xi32, #vec>
    %v = kcc.load %x[%i] mask %m : !kcc.ptr<f32>, tensor<128xi32, #vec> -> tensor<128xf32, #vec>
    kcc.store %v, %x[%i] mask %m : tensor<128xf32, #vec>, !kcc.ptr<f32>, tensor<128xi32, #vec>
    gpu.return
  }

  // Copies in registers are one value; copies in lanes are added by the lower half alone.
  // CHECK-LABEL: gpu.func @copies
  // CHECK:         %[[BIT:.*]] = arith.andi %{{.*}}, %c16_i32
  // CHECK:         %[[LOWER:.*]] = arith.cmpi eq, %[[BIT]], %c0_i32
  // CHECK:         kcc.atomic_rmw_element fadd %{{.*}}, %{{.*}} if %[[LOWER]]
  // CHECK-NOT:     kcc.atomic_rmw_element
  gpu.func @copies(%x: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 1 : i32} {
    %one = arith.constant dense<1.0> : tensor<16xf32, #half>
    %i = kcc.arange : tensor<16xi32, #half>
    %old = kcc.atomic_rmw fadd %one, %x[%i] : tensor<16xf32, #half>, !kcc.ptr<f32>, tensor<16xi32, #half>
    gpu.return
  }

  // Five butterflies over 32 lanes; the identity is not added.
  // CHECK-LABEL: gpu.func @sum
  // CHECK-COUNT-5: gpu.shuffle xor
  // CHECK-NOT:     gpu.shuffle
  // CHECK:         kcc.store_vector
  gpu.func @sum(%x: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 1 : i32} {
    %c0 = arith.constant 0 : i32
    %zero = arith.constant dense<0.0> : tensor<f32>
    %i = kcc.arange : tensor<32xi32, #one>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<32xi32, #one> -> tensor<32xf32, #one>
    %s = linalg.reduce ins(%v : tensor<32xf32, #one>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %e = tensor.extract %s[] : tensor<f32>
    kcc.store %e, %x[%c0] : f32, !kcc.ptr<f32>, i32
    gpu.return
  }

  // Blocks of 2, 4, ... 32 lanes are merged in a loop: each lane compares with its mirror image, then, in a loop, with
  // those at half the block, a quarter, ...
  // CHECK-LABEL: gpu.func @sorted
  // CHECK:         scf.for %[[BLOCK:.*]] = %{{.*}} to %{{.*}}
  // CHECK:           gpu.shuffle xor
  // CHECK:           scf.for %{{.*}} = %{{.*}} to %[[BLOCK]]
  // CHECK:             gpu.shuffle xor
  // CHECK-NOT:     gpu.shuffle
  // CHECK:         llvm.store
  gpu.func @sorted(%x: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 1 : i32} {
    %i = kcc.arange : tensor<32xi32, #one>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<32xi32, #one> -> tensor<32xf32, #one>
    %s = kcc.sort %v attributes {axis = 0 : i64} {
    ^bb0(%a: f32, %b: f32):
      %less = arith.cmpf olt, %a, %b : f32
      kcc.yield %less : i1
    } : tensor<32xf32, #one> -> tensor<32xf32, #one>
    kcc.store %s, %x[%i] : tensor<32xf32, #one>, !kcc.ptr<f32>, tensor<32xi32, #one>
    gpu.return
  }

  // In the order of the language bits are compared as integers; the comparator is not asked. Of a lane's element and the
  // one it gets, every lane keeps the smaller one, since only the first of all matters.
  // CHECK-LABEL: gpu.func @first
  // CHECK:         %[[NAN:.*]] = arith.cmpi sgt
  // CHECK:         arith.select %[[NAN]]
  // CHECK:         scf.for
  // CHECK:           gpu.shuffle xor
  // CHECK-NOT:       arith.maxsi
  // CHECK:           arith.minsi
  // CHECK-NOT:     arith.cmpf
  gpu.func @first(%x: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 1 : i32} {
    %i = kcc.arange : tensor<32xi32, #one>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<32xi32, #one> -> tensor<32xf32, #one>
    %s = kcc.sort %v attributes {axis = 0 : i64, kcc.order = "rising", kcc.leading = 1 : i64} {
    ^bb0(%a: f32, %b: f32):
      %less = arith.cmpf olt, %a, %b : f32
      kcc.yield %less : i1
    } : tensor<32xf32, #one> -> tensor<32xf32, #one>
    kcc.store %s, %x[%i] : tensor<32xf32, #one>, !kcc.ptr<f32>, tensor<32xi32, #one>
    gpu.return
  }

  // A merge is the last five; a reversal is one.
  // CHECK-LABEL: gpu.func @merged
  // CHECK-COUNT-6: gpu.shuffle xor
  // CHECK-NOT:     gpu.shuffle
  gpu.func @merged(%x: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 1 : i32} {
    %i = kcc.arange : tensor<32xi32, #one>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<32xi32, #one> -> tensor<32xf32, #one>
    %s = kcc.sort %v attributes {axis = 0 : i64, bitonic} {
    ^bb0(%a: f32, %b: f32):
      %less = arith.cmpf olt, %a, %b : f32
      kcc.yield %less : i1
    } : tensor<32xf32, #one> -> tensor<32xf32, #one>
    %f = kcc.flip %s axis 0 : tensor<32xf32, #one>
    kcc.store %f, %x[%i] : tensor<32xf32, #one>, !kcc.ptr<f32>, tensor<32xi32, #one>
    gpu.return
  }

  // What is chosen lies in shared memory between two barriers; an index outside reads nothing of it.
  // CHECK-LABEL: gpu.func @chosen
  // CHECK:         llvm.store {{.*}} : f32, !llvm.ptr<3>
  // CHECK:         gpu.barrier
  // CHECK:         %[[IN:.*]] = arith.cmpi ult
  // CHECK:         arith.select %[[IN]]
  // CHECK:         %[[F:.*]] = llvm.load {{.*}} : !llvm.ptr<3> -> f32
  // CHECK:         arith.select %[[IN]], %[[F]], %{{.*}} : f32
  gpu.func @chosen(%x: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 1 : i32, kcc.shared_bytes = 128 : i64} {
    %i = kcc.arange : tensor<32xi32, #one>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<32xi32, #one> -> tensor<32xf32, #one>
    %n = arith.fptosi %v : tensor<32xf32, #one> to tensor<32xi32, #one>
    %g = kcc.gather %v[%n] axis 0 {kcc.shared_offset = 0 : i64, kcc.shared_size = 128 : i64}
      : tensor<32xf32, #one>, tensor<32xi32, #one> -> tensor<32xf32, #one>
    kcc.store %g, %x[%i] : tensor<32xf32, #one>, !kcc.ptr<f32>, tensor<32xi32, #one>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @counted
  // CHECK:         gpu.barrier
  // CHECK:         scf.if
  // CHECK:           llvm.atomicrmw add %{{.*}}, %{{.*}} monotonic : !llvm.ptr<3>, i32
  // CHECK:         gpu.barrier
  gpu.func @counted(%x: !kcc.ptr<i32>) kernel attributes {kcc.num_warps = 1 : i32, kcc.shared_bytes = 128 : i64} {
    %i = kcc.arange : tensor<32xi32, #one>
    %v = kcc.load %x[%i] : !kcc.ptr<i32>, tensor<32xi32, #one> -> tensor<32xi32, #one>
    %h = kcc.histogram %v {kcc.shared_offset = 0 : i64, kcc.shared_size = 128 : i64} : tensor<32xi32, #one> -> tensor<32xi32, #one>
    kcc.store %h, %x[%i] : tensor<32xi32, #one>, !kcc.ptr<i32>, tensor<32xi32, #one>
    gpu.return
  }
}
