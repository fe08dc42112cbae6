// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-allocate-shared --split-input-file --verify-diagnostics %s

// Old values of a tile that all threads need at once: 512 KB of shared memory.
#big = #kcc.layout<rank = 1, register = [[32], [64], [128], [256], [512], [1024], [2048], [4096], [8192], [16384], [32768]],
                   lane = [[1], [2], [4], [8], [16]], warp = [[0]], block = []>
gpu.module @m {
  gpu.func @too_much(%p: !kcc.ptr<i64>) kernel attributes {kcc.num_warps = 2 : i32} {
    %one = arith.constant dense<1> : tensor<65536xi64, #big>
    %i = kcc.arange : tensor<65536xi32, #big>
    // expected-error @+2 {{kernel 'too_much' needs 524288 bytes of shared memory, but a block on h100 has at most 232448}}
    // expected-note @+1 {{this needs 524288 bytes to move i64 elements between threads}}
    %old = kcc.atomic_rmw add %one, %p[%i] : tensor<65536xi64, #big>, !kcc.ptr<i64>, tensor<65536xi32, #big>
    kcc.store %old, %p[%i] : tensor<65536xi64, #big>, !kcc.ptr<i64>, tensor<65536xi32, #big>
    gpu.return
  }
}
