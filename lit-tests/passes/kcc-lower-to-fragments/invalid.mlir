// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-to-fragments --split-input-file --verify-diagnostics %s

gpu.module @m {
  gpu.func @not_placed(%x: !kcc.ptr<f32>) kernel attributes {kcc.num_warps = 1 : i32} {
    // expected-error @+1 {{'kcc.arange': tile tensor<128xi32> has no layout}}
    %i = kcc.arange : tensor<128xi32>
    %v = kcc.load %x[%i] : !kcc.ptr<f32>, tensor<128xi32> -> tensor<128xf32>
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-error @+1 {{the function has no kcc.num_warps that is a power of two}}
  gpu.func @no_warps() kernel {
    gpu.return
  }
}

// -----

#one = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [], block = []>
gpu.module @m {
  gpu.func @different() kernel attributes {kcc.num_warps = 1 : i32} {
    // expected-error @+1 {{a constant tile whose elements differ cannot be lowered}}
    %c = arith.constant dense<"0x0001020304050607000102030405060700010203040506070001020304050607"> : tensor<32xi8, #one>
    gpu.return
  }
}

// -----

#two = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [[0]], block = []>
gpu.module @m {
  gpu.func @wrong_warps() kernel attributes {kcc.num_warps = 1 : i32} {
    // expected-error @+1 {{'kcc.arange' has a tile over 2 warps of 32 lanes in 1 blocks, but there are 1 warps of 32 in 1}}
    %i = kcc.arange : tensor<32xi32, #two>
    gpu.return
  }
}

// -----

#a = #kcc.layout<rank = 1, register = [], lane = [[1], [2], [4], [8], [16]], warp = [[32]], block = []>
#b = #kcc.layout<rank = 1, register = [], lane = [[2], [4], [8], [16], [32]], warp = [[1]], block = []>
gpu.module @m {
  gpu.func @no_scratch(%x: !kcc.ptr<i32>) kernel attributes {kcc.num_warps = 2 : i32} {
    %i = kcc.arange : tensor<64xi32, #a>
    // expected-error @+1 {{'kcc.convert_layout' needs shared memory, but none is planned for it}}
    %j = kcc.convert_layout %i : tensor<64xi32, #a> -> tensor<64xi32, #b>
    kcc.store %j, %x[%j] : tensor<64xi32, #b>, !kcc.ptr<i32>, tensor<64xi32, #b>
    gpu.return
  }
}

// -----

#across = #kcc.layout<rank = 2, register = [[0, 1], [0, 2], [0, 4], [8, 0], [16, 0], [32, 0]], lane = [[0, 8], [0, 16], [0, 32], [0, 64], [1, 0]], warp = [[2, 0], [4, 0]], block = []>
gpu.module @m {
  gpu.func @boxes(%x: f16, %map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "C", kcc.box = array<i64: 64, 64>, kcc.swizzle = 128 : i64},
      %r: i32) attributes {kcc.group, kcc.num_warps = 4 : i32} {
    %t = tensor.splat %x : tensor<64x128xf16, #across>
    // expected-error @+1 {{divides boxes between lanes}}
    kcc.copy_out %t to %map[%r, %r] : tensor<64x128xf16, #across>
    gpu.return
  }
}

// -----

#acc = #kcc.layout<rank = 2, register = [[0, 1], [8, 0], [0, 8], [0, 16], [0, 32]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[16, 0], [32, 0]], block = []>
gpu.module @m {
  gpu.func @map(%x: f16, %map: !kcc.tensor_map {kcc.kind = "tensor_map", kcc.of = "C", kcc.box = array<i64: 64, 32>, kcc.swizzle = 64 : i64},
      %r: i32) attributes {kcc.group, kcc.num_warps = 4 : i32} {
    %t = tensor.splat %x : tensor<64x64xf16, #acc>
    // expected-error @+1 {{a tile for the copy engine: a map with boxes of [64, 32] cannot be lowered}}
    kcc.copy_out %t to %map[%r, %r] : tensor<64x64xf16, #acc>
    gpu.return
  }
}
