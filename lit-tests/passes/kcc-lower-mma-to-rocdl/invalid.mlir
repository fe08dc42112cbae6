// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-lower-mma-to-rocdl --verify-diagnostics %s

gpu.module @m {
  gpu.func @f(%a: bf16, %c: f32) kernel {
    // expected-error @+1 {{gfx942 has no matrix instruction 'mfma.m16n16k32.f32.bf16' on registers of a warp}}
    %d:4 = kcc.mma "mfma.m16n16k32.f32.bf16" a(%a : bf16) b(%a : bf16) c(%c, %c, %c, %c : f32, f32, f32, f32) -> f32, f32, f32, f32
    gpu.return
  }
}
