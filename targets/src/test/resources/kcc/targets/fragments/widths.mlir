// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Accesses of every width: a byte, two bytes, a register, two, more than an instruction moves, and less aligned than wide.
gpu.module @widths {
  gpu.func @widths(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %c: i1) kernel
      attributes {known_block_size = array<i32: 64, 1, 1>, kcc.shared_bytes = 0 : i64} {
    %b = kcc.load_vector %x if %c {alignment = 1 : i64} : !llvm.ptr<1> -> i8
    kcc.store_vector %b, %y if %c {alignment = 1 : i64} : i8, !llvm.ptr<1>
    %z8 = arith.constant dense<0> : vector<4xi8>
    %b4 = kcc.load_vector %x if %c else %z8 {alignment = 1 : i64} : !llvm.ptr<1> -> vector<4xi8>
    kcc.store_vector %b4, %y if %c {alignment = 4 : i64} : vector<4xi8>, !llvm.ptr<1>
    %one = arith.constant 1.0 : f16
    %h = kcc.load_vector %x if %c else %one {alignment = 2 : i64} : !llvm.ptr<1> -> f16
    kcc.store_vector %h, %y if %c {alignment = 2 : i64} : f16, !llvm.ptr<1>
    %bf = kcc.load_vector %x {alignment = 2 : i64, cache = #kcc<cache_hint l2_only>} : !llvm.ptr<1> -> bf16
    kcc.store_vector %bf, %y {alignment = 2 : i64, cache = #kcc<cache_hint streaming>} : bf16, !llvm.ptr<1>
    %f = kcc.load_vector %x if %c {alignment = 4 : i64, cache = #kcc<cache_hint evict_first>} : !llvm.ptr<1> -> f32
    kcc.store_vector %f, %y if %c {alignment = 4 : i64, cache = #kcc<cache_hint evict_first>} : f32, !llvm.ptr<1>
    %d = kcc.load_vector %x if %c {alignment = 8 : i64, cache = #kcc<cache_hint evict_last>} : !llvm.ptr<1> -> f64
    kcc.store_vector %d, %y if %c {alignment = 8 : i64, cache = #kcc<cache_hint evict_last>} : f64, !llvm.ptr<1>
    %h8 = kcc.load_vector %x if %c {alignment = 16 : i64, cache = #kcc<cache_hint volatile>} : !llvm.ptr<1> -> vector<8xbf16>
    kcc.store_vector %h8, %y if %c {alignment = 16 : i64, cache = #kcc<cache_hint volatile>} : vector<8xbf16>, !llvm.ptr<1>
    %f8 = kcc.load_vector %x if %c {alignment = 16 : i64} : !llvm.ptr<1> -> vector<8xf32>
    kcc.store_vector %f8, %y if %c {alignment = 8 : i64} : vector<8xf32>, !llvm.ptr<1>
    gpu.return
  }
}
