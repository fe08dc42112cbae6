// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversions and arithmetic of every type that kernels compute with.
gpu.module @m {
  gpu.func @m(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
    %b = llvm.load %x : !llvm.ptr<1> -> i8
    %f = arith.bitcast %b : i8 to f8E4M3FN
    %e = arith.extf %f : f8E4M3FN to f32
    %g = arith.bitcast %b : i8 to f8E5M2
    %h = arith.extf %g : f8E5M2 to f16
    %hh = arith.extf %h : f16 to f32
    %s = arith.addf %e, %hh : f32
    %t = arith.truncf %s : f32 to f8E4M3FN
    %u = arith.truncf %s : f32 to f8E5M2
    %tb = arith.bitcast %t : f8E4M3FN to i8
    %ub = arith.bitcast %u : f8E5M2 to i8
    %r = arith.addi %tb, %ub : i8
    llvm.store %r, %y : i8, !llvm.ptr<1>
    %direct = arith.truncf %s : f32 to f8E4M3FN
    %back = arith.extf %direct : f8E4M3FN to f32
    %again = arith.truncf %back : f32 to f8E5M2
    %and = arith.extf %again : f8E5M2 to f32
    llvm.store %and, %y : f32, !llvm.ptr<1>
    %c0 = arith.constant 0.0 : f8E4M3FN
    %z = arith.bitcast %c0 : f8E4M3FN to i8
    llvm.store %z, %x : i8, !llvm.ptr<1>
    %bfv = llvm.load %x : !llvm.ptr<1> -> bf16
    %bm = arith.mulf %bfv, %bfv : bf16
    %ba = arith.addf %bm, %bfv : bf16
    %bx = arith.maximumf %ba, %bfv : bf16
    %bc = arith.cmpf olt, %bx, %bm : bf16
    %bs = arith.select %bc, %bx, %bm : bf16
    llvm.store %bs, %y : bf16, !llvm.ptr<1>
    %i = arith.fptosi %bs : bf16 to i32
    %j = arith.uitofp %i : i32 to bf16
    llvm.store %j, %y : bf16, !llvm.ptr<1>
    %d = llvm.load %x : !llvm.ptr<1> -> f64
    %dd = arith.divf %d, %d : f64
    %ds = math.sqrt %dd : f64
    %df = math.fma %ds, %d, %dd : f64
    llvm.store %df, %y : f64, !llvm.ptr<1>
    %q = arith.ceildivsi %i, %i : i32
    %q2 = arith.floordivsi %q, %i : i32
    %q3 = arith.remsi %q2, %i : i32
    %q4 = math.ctpop %q3 : i32
    %q5 = math.absi %q4 : i32
    llvm.store %q5, %y : i32, !llvm.ptr<1>
    %rem = arith.remf %e, %s : f32
    llvm.store %rem, %y : f32, !llvm.ptr<1>
    gpu.return
  }
}
