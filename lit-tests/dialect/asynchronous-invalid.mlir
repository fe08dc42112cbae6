// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --verify-diagnostics --split-input-file %s

// expected-error @+1 {{a swizzle of 48 bytes; there are 0, 32, 64 and 128}}
func.func private @swizzle(!kcc.buffer<64x64xf16, swizzle = 48>)

// -----

// expected-error @+1 {{rows of 64 bytes are no multiple of the swizzle of 128}}
func.func private @row(!kcc.buffer<64x32xf16, swizzle = 128>)

// -----

// expected-error @+1 {{a channel has slots of buffers, not of 'f32'}}
func.func private @slot(!kcc.channel<2, [f32]>)

// -----

// expected-error @+1 {{a channel has at least one slot}}
func.func private @depth(!kcc.channel<0, [!kcc.buffer<64x64xf16, swizzle = 128>]>)

// -----

func.func @get(%c: !kcc.channel<2, [!kcc.buffer<64x64xf16, swizzle = 128>]>, %n: i32) {
  // expected-note @+2 {{see current operation}}
  // expected-error @+1 {{gives other buffers than a slot of}}
  %a = kcc.get %c[%n] : !kcc.channel<2, [!kcc.buffer<64x64xf16, swizzle = 128>]> -> !kcc.buffer<64x64xf16, swizzle = 64>
  return
}

// -----

gpu.module @m {
  gpu.func @kernel(%x: f32) kernel {
    // expected-note @+2 {{see current operation}}
    // expected-error @+1 {{gives load other arguments than it takes}}
    kcc.start @load(%x) warps 4 : f32
    gpu.return
  }
  gpu.func @load(%n: i32) {
    gpu.return
  }
}

// -----

func.func @multiply(%a: !kcc.buffer<64x64xf16, swizzle = 128>, %b: !kcc.buffer<32x64xf16, swizzle = 128>, %c: tensor<64x64xf32>) {
  // expected-note @+2 {{see current operation}}
  // expected-error @+1 {{multiplies}}
  %d = kcc.async_matmul %a, %b, %c : !kcc.buffer<64x64xf16, swizzle = 128>, !kcc.buffer<32x64xf16, swizzle = 128>, tensor<64x64xf32>
  return
}

// -----

func.func @transpose(%a: !kcc.buffer<64x128xf16, swizzle = 128>) {
  // expected-note @+2 {{see current operation}}
  // expected-error @+1 {{makes}}
  %b = kcc.transpose_buffer %a : !kcc.buffer<64x128xf16, swizzle = 128> -> !kcc.buffer<128x64xf16, swizzle = 128>
  return
}

// -----

func.func @copy_out(%tile: tensor<64xf16>, %map: !kcc.tensor_map, %r: i32) {
  // expected-note @+2 {{see current operation}}
  // expected-error @+1 {{writes 'tensor<64xf16>' at 1 offsets}}
  kcc.copy_out %tile to %map[%r] : tensor<64xf16>
  return
}

// -----

func.func @fill(%tile: tensor<64x32xf16>, %buffer: !kcc.buffer<64x64xf16, swizzle = 128>, %n: i32,
    %c: !kcc.channel<2, [!kcc.buffer<64x64xf16, swizzle = 128>]>) {
  // expected-note @+2 {{see current operation}}
  // expected-error @+1 {{'kcc.fill' op writes 'tensor<64x32xf16>' into '!kcc.buffer<64x64xf16, swizzle = 128>'}}
  kcc.fill %tile to %buffer on %c[%n] : tensor<64x32xf16>, !kcc.buffer<64x64xf16, swizzle = 128>, !kcc.channel<2, [!kcc.buffer<64x64xf16, swizzle = 128>]>
  return
}
