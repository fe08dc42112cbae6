// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-collect-tensor-maps --verify-diagnostics --split-input-file %s

gpu.module @m {
  // expected-error @+1 {{argument 0 of 'f' is a tensor map without kcc.box}}
  gpu.func @f(%m: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.swizzle = 128 : i64}) kernel {
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-error @+1 {{argument 1 of 'f' comes after a tensor map, and those come last}}
  gpu.func @f(%m: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 8>, kcc.swizzle = 0 : i64}, %n: i64) kernel {
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-error @+1 {{argument 0 of 'f' has a box of rank 6; 1 to 5 are possible}}
  gpu.func @f(%m: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 1, 1, 1, 1, 1, 8>, kcc.swizzle = 0 : i64}) kernel {
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-error @+1 {{argument 0 of 'f' has a box with an extent of 512; 1 to 256 are possible}}
  gpu.func @f(%m: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 512, 64>, kcc.swizzle = 0 : i64}) kernel {
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-error @+1 {{argument 0 of 'f' has a swizzle of 256 bytes; there are [0, 32, 64, 128]}}
  gpu.func @f(%m: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 8, 64>, kcc.swizzle = 256 : i64}) kernel {
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-error @+1 {{argument 0 of 'f' has a promotion to 32 bytes; there are [0, 64, 128, 256]}}
  gpu.func @f(%m: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 8, 64>, kcc.swizzle = 0 : i64, kcc.promotion = 32 : i64}) kernel {
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-error @+1 {{argument 0 of 'f' rounds to bf16; copies round to tf32 only}}
  gpu.func @f(%m: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 8, 64>, kcc.swizzle = 0 : i64, kcc.rounds = "bf16"}) kernel {
    gpu.return
  }
}
