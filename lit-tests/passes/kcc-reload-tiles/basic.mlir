// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-reload-tiles %s | FileCheck %s

// 64 elements in each of 256 threads, in clusters.
#row = #kcc.layout<rank = 1, register = [[1], [2], [4], [2048], [4096], [8192]], lane = [[8], [16], [32], [64], [128]],
                   warp = [[256], [512], [1024]], block = [[16384]]>
#long = #kcc.layout<rank = 1, register = [[1], [2], [4], [8192], [16384], [32768], [65536]],
                    lane = [[8], [16], [32], [64], [128]], warp = [[256], [512], [1024], [2048], [4096]], block = []>

gpu.module @m {
  // What is computed from the row is computed again behind each reduction; indices are not.
  // CHECK-LABEL: gpu.func @softmax
  // CHECK:         %[[I:.*]] = kcc.arange
  // CHECK:         kcc.load %{{.*}}[%[[I]]]
  // CHECK:         linalg.reduce
  // CHECK:         %[[M:.*]] = tensor.splat
  // CHECK:         kcc.load %{{.*}}[%[[I]]]
  // CHECK-NEXT:    arith.extf
  // CHECK-NEXT:    arith.subf %{{.*}}, %[[M]]
  // CHECK-NEXT:    math.exp2
  // CHECK:         linalg.reduce
  // CHECK:         kcc.load %{{.*}}[%[[I]]]
  // CHECK-NEXT:    arith.extf
  // CHECK-NEXT:    arith.subf %{{.*}}, %[[M]]
  // CHECK-NEXT:    math.exp2
  // CHECK-NEXT:    arith.divf
  gpu.func @softmax(%x: !kcc.ptr<bf16>, %y: !kcc.ptr<f32>) kernel
      attributes {kcc.num_warps = 8 : i32, kcc.cluster_blocks = 2 : i32} {
    %i = kcc.arange : tensor<32768xi32, #row>
    %low = arith.constant dense<0xFF800000> : tensor<f32>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %h = kcc.load %x[%i] : !kcc.ptr<bf16>, tensor<32768xi32, #row> -> tensor<32768xbf16, #row>
    %v = arith.extf %h : tensor<32768xbf16, #row> to tensor<32768xf32, #row>
    %max = linalg.reduce ins(%v : tensor<32768xf32, #row>) outs(%low : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.maximumf %a, %b : f32 linalg.yield %r : f32 }
    %m = tensor.extract %max[] : tensor<f32>
    %mt = tensor.splat %m : tensor<32768xf32, #row>
    %d = arith.subf %v, %mt : tensor<32768xf32, #row>
    %e = math.exp2 %d : tensor<32768xf32, #row>
    %sum = linalg.reduce ins(%e : tensor<32768xf32, #row>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %sum[] : tensor<f32>
    %st = tensor.splat %s : tensor<32768xf32, #row>
    %q = arith.divf %e, %st : tensor<32768xf32, #row>
    kcc.store %q, %y[%i] : tensor<32768xf32, #row>, !kcc.ptr<f32>, tensor<32768xi32, #row>
    gpu.return
  }

  // One block whose registers do not hold the row.
  // CHECK-LABEL: gpu.func @long
  // CHECK:         kcc.load
  // CHECK:         linalg.reduce
  // CHECK:         kcc.load
  // CHECK:         kcc.store
  gpu.func @long(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 32 : i32} {
    %i = kcc.arange : tensor<131072xi32, #long>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<131072xi32, #long> -> tensor<131072xf32, #long>
    %sum = linalg.reduce ins(%v : tensor<131072xf32, #long>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %sum[] : tensor<f32>
    %st = tensor.splat %s : tensor<131072xf32, #long>
    %q = arith.mulf %v, %st : tensor<131072xf32, #long>
    kcc.store %q, %y[%i] : tensor<131072xf32, #long>, !kcc.ptr<f32>, tensor<131072xi32, #long>
    gpu.return
  }
}
