// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --verify-diagnostics --split-input-file --kcc-plan-channels %s

!a = !kcc.buffer<256x256xf16, swizzle = 128>
!ring = !kcc.channel<2, [!a]>
gpu.module @m {
  // expected-error @+1 {{kernel 'large' needs 262176 bytes of shared memory for its channels and the scratch of its groups; a block on h100 has at most 232448}}
  gpu.func @large() kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 4 : !ring
    kcc.start @g(%c) warps 4 : !ring
    gpu.return
  }
  gpu.func @g(%c: !ring) attributes {kcc.group, kcc.num_warps = 4 : i32} {
    gpu.return
  }
}
