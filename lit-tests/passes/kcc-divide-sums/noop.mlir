// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-divide-sums --verify-diagnostics %s | FileCheck %s

// CHECK-NOT: kcc.sum_blocks
// CHECK-NOT: kcc.divide_sums
// CHECK-NOT: kcc.reduce_scatter
gpu.module @m {
  // Nobody asks for it.
  gpu.func @unasked() kernel {
    gpu.return
  }
  // expected-remark @+1 {{no sum is divided: 0 loops carry tiles}}
  gpu.func @nothing() kernel attributes {kcc.divide_sums = 4 : i32} {
    gpu.return
  }
  // expected-remark @+1 {{no sum is divided: the loop carries something else than a sum}}
  gpu.func @begins(%x: !kcc.ptr<f32>, %n: i64) kernel attributes {kcc.divide_sums = 4 : i32} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes[%n], strides[%one] : <f32> -> <?xf32>
    %init = arith.constant dense<1.0> : tensor<32xf32>
    %s = scf.for %i = %zero to %n step %one iter_args(%acc = %init) -> (tensor<32xf32>) : i64 {
      %t = kcc.load_tile %v[%i] dims [0] : <?xf32> -> tensor<32xf32>
      %d = arith.addf %acc, %t : tensor<32xf32>
      scf.yield %d : tensor<32xf32>
    }
    kcc.store_tile %s, %v[%zero] dims [0] : tensor<32xf32>, <?xf32>
    gpu.return
  }
  // expected-remark @+1 {{no sum is divided: a sum of tensor<2xf32> has no rows for 4 blocks}}
  gpu.func @short(%x: !kcc.ptr<f32>, %n: i64) kernel attributes {kcc.divide_sums = 4 : i32} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes[%n], strides[%one] : <f32> -> <?xf32>
    %init = arith.constant dense<0.0> : tensor<2xf32>
    %s = scf.for %i = %zero to %n step %one iter_args(%acc = %init) -> (tensor<2xf32>) : i64 {
      %t = kcc.load_tile %v[%i] dims [0] : <?xf32> -> tensor<2xf32>
      %d = arith.addf %acc, %t : tensor<2xf32>
      scf.yield %d : tensor<2xf32>
    }
    kcc.store_tile %s, %v[%zero] dims [0] : tensor<2xf32>, <?xf32>
    gpu.return
  }
  // expected-remark @+1 {{no sum is divided: 'linalg.reduce' needs the rows of all blocks}}
  gpu.func @normalized(%x: !kcc.ptr<f32>, %n: i64) kernel attributes {kcc.divide_sums = 4 : i32} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes[%n], strides[%one] : <f32> -> <?xf32>
    %init = arith.constant dense<0.0> : tensor<32xf32>
    %s = scf.for %i = %zero to %n step %one iter_args(%acc = %init) -> (tensor<32xf32>) : i64 {
      %t = kcc.load_tile %v[%i] dims [0] : <?xf32> -> tensor<32xf32>
      %d = arith.addf %acc, %t : tensor<32xf32>
      scf.yield %d : tensor<32xf32>
    }
    %none = arith.constant dense<0.0> : tensor<f32>
    %all = linalg.reduce ins(%s : tensor<32xf32>) outs(%none : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %e = tensor.extract %all[] : tensor<f32>
    %es = tensor.splat %e : tensor<32xf32>
    %y = arith.divf %s, %es : tensor<32xf32>
    kcc.store_tile %y, %v[%zero] dims [0] : tensor<32xf32>, <?xf32>
    gpu.return
  }
  // expected-remark @+1 {{no sum is divided: it writes something that does not follow from the sum}}
  gpu.func @counts(%x: !kcc.ptr<f32>, %n: i64) kernel attributes {kcc.divide_sums = 4 : i32} {
    %zero = arith.constant 0 : i64
    %one = arith.constant 1 : i64
    %v = kcc.view %x, sizes[%n], strides[%one] : <f32> -> <?xf32>
    %init = arith.constant dense<0.0> : tensor<32xf32>
    kcc.store_tile %init, %v[%n] dims [0] : tensor<32xf32>, <?xf32>
    %s = scf.for %i = %zero to %n step %one iter_args(%acc = %init) -> (tensor<32xf32>) : i64 {
      %t = kcc.load_tile %v[%i] dims [0] : <?xf32> -> tensor<32xf32>
      %d = arith.addf %acc, %t : tensor<32xf32>
      scf.yield %d : tensor<32xf32>
    }
    kcc.store_tile %s, %v[%zero] dims [0] : tensor<32xf32>, <?xf32>
    gpu.return
  }
}
