// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-choose-warps %s | FileCheck %s --check-prefix=LANES32
// RUN: kcc-opt --target mi300 --kcc-choose-warps %s | FileCheck %s --check-prefix=LANES64

gpu.module @m {
  // 16 elements a thread, and always one warp.
  // LANES32: gpu.func @tiny{{.*}}kcc.num_warps = 1 : i32
  // LANES64: gpu.func @tiny{{.*}}kcc.num_warps = 1 : i32
  gpu.func @tiny() kernel {
    %a = arith.constant dense<0.0> : tensor<64xf32>
    gpu.return
  }
  // LANES32: gpu.func @row1024{{.*}}kcc.num_warps = 2 : i32
  // LANES64: gpu.func @row1024{{.*}}kcc.num_warps = 1 : i32
  gpu.func @row1024() kernel {
    %a = arith.constant dense<0.0> : tensor<1024xf32>
    gpu.return
  }
  // 256 threads from 4096 elements on.
  // LANES32: gpu.func @row16384{{.*}}kcc.num_warps = 8 : i32
  // LANES64: gpu.func @row16384{{.*}}kcc.num_warps = 4 : i32
  gpu.func @row16384() kernel {
    %a = arith.constant dense<0.0> : tensor<16384xf32>
    gpu.return
  }
  // At most 64 elements a thread.
  // LANES32: gpu.func @row32768{{.*}}kcc.num_warps = 16 : i32
  // LANES64: gpu.func @row32768{{.*}}kcc.num_warps = 8 : i32
  gpu.func @row32768() kernel {
    %a = arith.constant dense<0.0> : tensor<128x256xf32>
    gpu.return
  }

  // A row that one warp can hold stays within it: no barrier.
  // LANES32: gpu.func @combined1024{{.*}}kcc.num_warps = 1 : i32
  // LANES64: gpu.func @combined1024{{.*}}kcc.num_warps = 1 : i32
  gpu.func @combined1024(%x: tensor<1024xf32>) kernel {
    %zero = arith.constant dense<0.0> : tensor<f32>
    %sum = linalg.reduce ins(%x : tensor<1024xf32>) outs(%zero : tensor<f32>) dimensions = [0]
      (%in: f32, %acc: f32) {
        %s = arith.addf %in, %acc : f32
        linalg.yield %s : f32
      }
    %y = arith.addf %x, %x : tensor<1024xf32>
    gpu.return
  }
  // 16 bytes are read for an element: 4 elements a thread.
  // LANES32: gpu.func @four_arrays{{.*}}kcc.num_warps = 8 : i32
  // LANES64: gpu.func @four_arrays{{.*}}kcc.num_warps = 4 : i32
  gpu.func @four_arrays(%p: !kcc.ptr<f32>) kernel {
    %i = kcc.arange : tensor<1024xi32>
    %a = kcc.load %p[%i] : !kcc.ptr<f32>, tensor<1024xi32> -> tensor<1024xf32>
    %b = kcc.load %p[%i] : !kcc.ptr<f32>, tensor<1024xi32> -> tensor<1024xf32>
    %c = kcc.load %p[%i] : !kcc.ptr<f32>, tensor<1024xi32> -> tensor<1024xf32>
    %d = kcc.load %p[%i] : !kcc.ptr<f32>, tensor<1024xi32> -> tensor<1024xf32>
    gpu.return
  }
  // As many arrays, but of 2-byte elements and each twice: an access of 16 bytes to each.
  // LANES32: gpu.func @many_tiles{{.*}}kcc.num_warps = 4 : i32
  // LANES64: gpu.func @many_tiles{{.*}}kcc.num_warps = 2 : i32
  gpu.func @many_tiles(%p: !kcc.ptr<bf16>) kernel {
    %i = kcc.arange : tensor<1024xi32>
    %a = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %b = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %c = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %d = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %e = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %f = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %g = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %h = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %j = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %k = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %l = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    %m = kcc.load %p[%i] : !kcc.ptr<bf16>, tensor<1024xi32> -> tensor<1024xbf16>
    gpu.return
  }
}
