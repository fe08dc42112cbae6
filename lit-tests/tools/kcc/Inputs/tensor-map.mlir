// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
gpu.module @first attributes {kcc.source = "first.py"} {
  gpu.func @first(
      %a: !kcc.ptr<bf16> {kcc.name = "A", kcc.kind = "tensor", kcc.dtype = "bf16", kcc.shape = ["M", "K"], kcc.divisibility = 16 : i64},
      %b: !kcc.ptr<i32> {kcc.name = "B", kcc.kind = "tensor", kcc.dtype = "i32", kcc.shape = ["M"], kcc.divisibility = 16 : i64},
      %m: i64 {kcc.name = "M", kcc.kind = "size"}, %k: i64 {kcc.name = "K", kcc.kind = "size"},
      %map: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 128, 64>, kcc.swizzle = 128 : i64}) kernel
      attributes {kcc.grid = affine_map<()[s0] -> (s0 ceildiv 64)>, kcc.grid_symbols = ["M"], kcc.persistent = 2 : i32} {
    %zero = arith.constant 0 : i32
    %x = llvm.load %map : !llvm.ptr -> i32
    kcc.store %x, %b[%zero] : i32, !kcc.ptr<i32>, i32
    gpu.return
  }
}
