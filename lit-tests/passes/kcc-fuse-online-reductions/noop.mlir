// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-fuse-online-reductions --verify-diagnostics %s | FileCheck %s

#row = #kcc.layout<rank = 1, register = [[1], [2], [4], [4096]], lane = [[8], [16], [32], [64], [128]],
                   warp = [[256], [512], [1024]], block = [[2048]]>
#one = #kcc.layout<rank = 1, register = [[1], [2], [4], [2048], [4096]], lane = [[8], [16], [32], [64], [128]],
                   warp = [[256], [512], [1024]], block = []>

// CHECK-NOT: kcc.no_initial_value
gpu.module @m {
  // Warps of one block wait for each other twice rather than compute exponentials twice.
  gpu.func @block(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %other: f32) kernel
      attributes {kcc.num_warps = 8 : i32} {
    %i = kcc.arange : tensor<8192xi32, #one>
    %low = arith.constant dense<0xFF800000> : tensor<f32>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<8192xi32, #one> -> tensor<8192xf32, #one>
    %max = linalg.reduce ins(%v : tensor<8192xf32, #one>) outs(%low : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.maximumf %a, %b : f32 linalg.yield %r : f32 }
    %m = tensor.extract %max[] : tensor<f32>
    %mt = tensor.splat %m : tensor<8192xf32, #one>
    %d = arith.subf %v, %mt : tensor<8192xf32, #one>
    %e = math.exp2 %d : tensor<8192xf32, #one>
    %sum = linalg.reduce ins(%e : tensor<8192xf32, #one>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %sum[] : tensor<f32>
    %st = tensor.splat %s : tensor<8192xf32, #one>
    %q = arith.divf %e, %st : tensor<8192xf32, #one>
    %mt2 = tensor.splat %m : tensor<8192xf32, #one>
    %r2 = arith.addf %q, %mt2 : tensor<8192xf32, #one>
    kcc.store %r2, %y[%i] : tensor<8192xf32, #one>, !kcc.ptr<f32>, tensor<8192xi32, #one>
    gpu.return
  }

  // Relative to something else.
  gpu.func @other(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %other: f32) kernel
      attributes {kcc.num_warps = 8 : i32, kcc.cluster_blocks = 2 : i32} {
    %i = kcc.arange : tensor<8192xi32, #row>
    %low = arith.constant dense<0xFF800000> : tensor<f32>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<8192xi32, #row> -> tensor<8192xf32, #row>
    // expected-remark @below {{no sum}}
    %max = linalg.reduce ins(%v : tensor<8192xf32, #row>) outs(%low : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.maximumf %a, %b : f32 linalg.yield %r : f32 }
    %m = tensor.extract %max[] : tensor<f32>
    %mt = tensor.splat %other : tensor<8192xf32, #row>
    %d = arith.subf %v, %mt : tensor<8192xf32, #row>
    %e = math.exp2 %d : tensor<8192xf32, #row>
    // expected-remark @below {{the exponents are not relative to the maximum along the same dimension}}
    %sum = linalg.reduce ins(%e : tensor<8192xf32, #row>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %sum[] : tensor<f32>
    %st = tensor.splat %s : tensor<8192xf32, #row>
    %q = arith.divf %e, %st : tensor<8192xf32, #row>
    %mt2 = tensor.splat %m : tensor<8192xf32, #row>
    %r2 = arith.addf %q, %mt2 : tensor<8192xf32, #row>
    kcc.store %r2, %y[%i] : tensor<8192xf32, #row>, !kcc.ptr<f32>, tensor<8192xi32, #row>
    gpu.return
  }

  // Exponentials of what lies below the maximum, which is no softmax.
  gpu.func @negative(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %other: f32) kernel
      attributes {kcc.num_warps = 8 : i32, kcc.cluster_blocks = 2 : i32} {
    %i = kcc.arange : tensor<8192xi32, #row>
    %low = arith.constant dense<0xFF800000> : tensor<f32>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<8192xi32, #row> -> tensor<8192xf32, #row>
    // expected-remark @below {{no sum}}
    %max = linalg.reduce ins(%v : tensor<8192xf32, #row>) outs(%low : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.maximumf %a, %b : f32 linalg.yield %r : f32 }
    %m = tensor.extract %max[] : tensor<f32>
    %mt = tensor.splat %m : tensor<8192xf32, #row>
    %d0 = arith.subf %v, %mt : tensor<8192xf32, #row>
    %c = arith.constant dense<-1.0> : tensor<8192xf32, #row>
    %d = arith.mulf %d0, %c : tensor<8192xf32, #row>
    %e = math.exp2 %d : tensor<8192xf32, #row>
    // expected-remark @below {{the exponents are no differences times a positive number}}
    %sum = linalg.reduce ins(%e : tensor<8192xf32, #row>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %sum[] : tensor<f32>
    %st = tensor.splat %s : tensor<8192xf32, #row>
    %q = arith.divf %e, %st : tensor<8192xf32, #row>
    %mt2 = tensor.splat %m : tensor<8192xf32, #row>
    %r2 = arith.addf %q, %mt2 : tensor<8192xf32, #row>
    kcc.store %r2, %y[%i] : tensor<8192xf32, #row>, !kcc.ptr<f32>, tensor<8192xi32, #row>
    gpu.return
  }

  // A factor that may be negative.
  gpu.func @scaled(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %other: f32) kernel
      attributes {kcc.num_warps = 8 : i32, kcc.cluster_blocks = 2 : i32} {
    %i = kcc.arange : tensor<8192xi32, #row>
    %low = arith.constant dense<0xFF800000> : tensor<f32>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<8192xi32, #row> -> tensor<8192xf32, #row>
    // expected-remark @below {{no sum}}
    %max = linalg.reduce ins(%v : tensor<8192xf32, #row>) outs(%low : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.maximumf %a, %b : f32 linalg.yield %r : f32 }
    %m = tensor.extract %max[] : tensor<f32>
    %mt = tensor.splat %m : tensor<8192xf32, #row>
    %d0 = arith.subf %v, %mt : tensor<8192xf32, #row>
    %c = tensor.splat %other : tensor<8192xf32, #row>
    %d = arith.mulf %d0, %c : tensor<8192xf32, #row>
    %e = math.exp2 %d : tensor<8192xf32, #row>
    // expected-remark @below {{the factor of the exponents is no constant}}
    %sum = linalg.reduce ins(%e : tensor<8192xf32, #row>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %sum[] : tensor<f32>
    %st = tensor.splat %s : tensor<8192xf32, #row>
    %q = arith.divf %e, %st : tensor<8192xf32, #row>
    %mt2 = tensor.splat %m : tensor<8192xf32, #row>
    %r2 = arith.addf %q, %mt2 : tensor<8192xf32, #row>
    kcc.store %r2, %y[%i] : tensor<8192xf32, #row>, !kcc.ptr<f32>, tensor<8192xi32, #row>
    gpu.return
  }
}
