// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-stage-ragged-rows --verify-diagnostics --split-input-file %s

// What the pass writes, wrong.
gpu.module @m {
  gpu.func @rank(%p: !kcc.ptr<bf16>, %r: i32, %c: i32) kernel {
    // expected-note @+2 {{see current operation}}
    // expected-error @+1 {{moves tiles of rank 1 or 2}}
    %t = kcc.load_span %p rows %r columns %c : !kcc.ptr<bf16> -> tensor<2x4x64xbf16>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @count(%p: !kcc.ptr<bf16>, %r: i32, %c: i32) kernel {
    // expected-note @+2 {{see current operation}}
    // expected-error @+1 {{needs a pointer for each tile, has 1 for 2}}
    %t, %u = kcc.load_span %p rows %r columns %c : !kcc.ptr<bf16> -> tensor<64xbf16>, tensor<64xbf16>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @pointee(%p: !kcc.ptr<bf16>, %t: tensor<64xf32>, %r: i32, %c: i32) kernel {
    // expected-note @+2 {{see current operation}}
    // expected-error @+1 {{accesses 'f32' through a pointer to 'bf16'}}
    kcc.store_span %t, %p rows %r columns %c : tensor<64xf32>, !kcc.ptr<bf16>
    gpu.return
  }
}
