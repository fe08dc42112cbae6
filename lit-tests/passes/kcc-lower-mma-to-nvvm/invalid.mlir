// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-mma-to-nvvm --verify-diagnostics --split-input-file %s

gpu.module @m {
  gpu.func @f(%a: f16, %c: f32, %p: !llvm.ptr<1>) kernel {
    // expected-error @+1 {{sm_90a has no matrix instruction 'mma.m16n8k7.f32.f16' on registers of a warp}}
    %d:4 = kcc.mma "mma.m16n8k7.f32.f16" a(%a : f16) b(%a : f16) c(%c, %c, %c, %c : f32, f32, f32, f32) -> f32, f32, f32, f32
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @f(%a: f16, %c: f32, %p: !llvm.ptr<1>) kernel {
    // expected-error @+1 {{fragment A of 'mma.m16n8k8.f32.f16' has 4 elements on each lane, not 1}}
    %d:4 = kcc.mma "mma.m16n8k8.f32.f16" a(%a : f16) b(%a, %a : f16, f16) c(%c, %c, %c, %c : f32, f32, f32, f32) -> f32, f32, f32, f32
    gpu.return
  }
}
