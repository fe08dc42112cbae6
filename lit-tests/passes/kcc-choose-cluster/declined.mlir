// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-choose-cluster --verify-diagnostics %s

gpu.module @m {
  gpu.func @scanned(%x: !kcc.ptr<f32>) kernel {
    %a = arith.constant dense<0.0> : tensor<65536xf32>
    // expected-remark @+1 {{tiles of 65536 elements stay in one block instead of 4 of a cluster: scans, sorts and gathers do not cross blocks}}
    %s = kcc.scan %a attributes {axis = 0 : i64} {
    ^bb0(%p: f32, %q: f32):
      %r = arith.addf %p, %q : f32
      kcc.yield %r : f32
    } : tensor<65536xf32> -> tensor<65536xf32>
    gpu.return
  }
  gpu.func @matrix() kernel {
    // expected-remark @+1 {{its tile of shape [256, 256] has more than one long dimension}}
    %a = arith.constant dense<0.0> : tensor<256x256xf32>
    gpu.return
  }
  gpu.func @two() kernel {
    // expected-remark @+1 {{its tile of 65536 elements is too long for one block as well, and of another size}}
    %a = arith.constant dense<0.0> : tensor<65536xf32>
    %b = arith.constant dense<0.0> : tensor<131072xf32>
    gpu.return
  }
  gpu.func @ticket(%x: !kcc.ptr<i32>, %i: i32) kernel {
    %a = arith.constant dense<0.0> : tensor<65536xf32>
    // expected-remark @+1 {{the old value of an atomic update is used, which only one block gets}}
    %old = kcc.atomic_rmw add %i, %x[%i] : i32, !kcc.ptr<i32>, i32
    kcc.store %old, %x[%i] : i32, !kcc.ptr<i32>, i32
    gpu.return
  }
}
