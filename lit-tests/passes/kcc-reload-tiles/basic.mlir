// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-reload-tiles %s | FileCheck %s

// 128 elements in each of 256 threads, in clusters: 64 registers packed, when there are 64 for four blocks on a unit.
#row = #kcc.layout<rank = 1, register = [[1], [2], [4], [2048], [4096], [8192], [16384]],
                   lane = [[8], [16], [32], [64], [128]], warp = [[256], [512], [1024]], block = [[32768]]>
#long = #kcc.layout<rank = 1, register = [[1], [2], [4], [8192], [16384], [32768], [65536]],
                    lane = [[8], [16], [32], [64], [128]], warp = [[256], [512], [1024], [2048], [4096]], block = []>
#half = #kcc.layout<rank = 1, register = [[1], [2], [4], [4096], [8192], [16384]],
                    lane = [[8], [16], [32], [64], [128]], warp = [[256], [512], [1024], [2048]], block = []>

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
    %i = kcc.arange : tensor<65536xi32, #row>
    %low = arith.constant dense<0xFF800000> : tensor<f32>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %h = kcc.load %x[%i] : !kcc.ptr<bf16>, tensor<65536xi32, #row> -> tensor<65536xbf16, #row>
    %v = arith.extf %h : tensor<65536xbf16, #row> to tensor<65536xf32, #row>
    %max = linalg.reduce ins(%v : tensor<65536xf32, #row>) outs(%low : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.maximumf %a, %b : f32 linalg.yield %r : f32 }
    %m = tensor.extract %max[] : tensor<f32>
    %mt = tensor.splat %m : tensor<65536xf32, #row>
    %d = arith.subf %v, %mt : tensor<65536xf32, #row>
    %e = math.exp2 %d : tensor<65536xf32, #row>
    %sum = linalg.reduce ins(%e : tensor<65536xf32, #row>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %sum[] : tensor<f32>
    %st = tensor.splat %s : tensor<65536xf32, #row>
    %q = arith.divf %e, %st : tensor<65536xf32, #row>
    kcc.store %q, %y[%i] : tensor<65536xf32, #row>, !kcc.ptr<f32>, tensor<65536xi32, #row>
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

  // A block holds its row but not the weights as well, which all programs read.
  // CHECK-LABEL: gpu.func @weights
  // CHECK:         %[[ROW:.*]] = kcc.load %[[X:.*]][
  // CHECK:         linalg.reduce
  // CHECK-NOT:     kcc.load %[[X]]
  // CHECK:         kcc.load %arg1
  // CHECK:         kcc.store
  gpu.func @weights(%x: !kcc.ptr<f32>, %w: !kcc.ptr<f32>, %y: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 16 : i32} {
    %i = kcc.arange : tensor<32768xi32, #half>
    %zero = arith.constant dense<0.0> : tensor<f32>
    %id = kcc.program_id 0
    %c32768 = arith.constant 32768 : i32
    %first = arith.muli %id, %c32768 : i32
    %p = kcc.add_ptr %x, %first : !kcc.ptr<f32>, i32
    %v = kcc.load %p[%i] : !kcc.ptr<f32>, tensor<32768xi32, #half> -> tensor<32768xf32, #half>
    %u = kcc.load %w[%i] : !kcc.ptr<f32>, tensor<32768xi32, #half> -> tensor<32768xf32, #half>
    %sum = linalg.reduce ins(%v : tensor<32768xf32, #half>) outs(%zero : tensor<f32>) dimensions = [0]
      (%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }
    %s = tensor.extract %sum[] : tensor<f32>
    %st = tensor.splat %s : tensor<32768xf32, #half>
    %n = arith.mulf %v, %st : tensor<32768xf32, #half>
    %q = arith.mulf %n, %u : tensor<32768xf32, #half>
    kcc.store %q, %y[%i] : tensor<32768xf32, #half>, !kcc.ptr<f32>, tensor<32768xi32, #half>
    gpu.return
  }
}
