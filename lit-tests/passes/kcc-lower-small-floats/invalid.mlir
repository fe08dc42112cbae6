// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target mi300 --kcc-lower-small-floats --verify-diagnostics %s

gpu.module @m {
  gpu.func @f(%x: f8E4M3FNUZ, %p: !llvm.ptr<1>) kernel {
    // expected-error @+1 {{'arith.extf' cannot compute on f8E4M3FNUZ}}
    %y = arith.extf %x : f8E4M3FNUZ to f32
    llvm.store %y, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}
