// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

/// Loop bodies of the kernels that schedules are for, with the times of an H100.
final class Problems {
  /// One step of 64 along K of a 128 x 256 tile, two consumers with 64 rows each. A product of 64 x 256 x 16 takes 128
  /// cycles of the matrix unit.
  static final Problem GEMM = ProblemText.parse("""
      problem gemm
      quantum 16
      handoff 48
      unit tensor
      unit copy
      group producer registers 24
      group consumer0 registers 200
      group consumer1 registers 200 like consumer0
      space shared 212992
      node load unit copy 768 issue 64 latency 1024 reads 0 streaming
      node product0 unit tensor 512 issue 32 latency 544 reads 544 group consumer0
      node product1 unit tensor 512 issue 32 latency 544 reads 544 group consumer1
      value tiles by load in shared 49152 reserved to product0 product1
      value sum0 by product0 registers 128 reserved to product0@1!
      value sum1 by product1 registers 128 reserved to product1@1!
      """);

  /// One step of 128 keys of attention with heads of 128: two consumers with 64 queries each. Exponentials are 16 a cycle,
  /// and a consumer is in its softmax for 900 cycles.
  static final Problem ATTENTION = ProblemText.parse("""
      problem attention
      quantum 16
      handoff 48
      unit tensor
      unit special
      unit copy
      group producer registers 24
      group consumer0 registers 176
      group consumer1 registers 176 like consumer0
      space shared 196608
      node loadK unit copy 512 issue 64 latency 1024 reads 0 streaming
      node loadV unit copy 512 issue 64 latency 1024 reads 0 streaming
      node scores0 unit tensor 512 issue 32 latency 544 reads 544
      node scores1 unit tensor 512 issue 32 latency 544 reads 544
      node softmax0 unit special 512 issue 896 latency 896 reads 896
      node softmax1 unit special 512 issue 896 latency 896 reads 896
      node output0 unit tensor 512 issue 32 latency 544 reads 544
      node output1 unit tensor 512 issue 32 latency 544 reads 544
      value keys by loadK in shared 32768 reserved to scores0 scores1
      value values by loadV in shared 32768 reserved to output0 output1
      value s0 by scores0 registers 64 reserved to softmax0
      value s1 by scores1 registers 64 reserved to softmax1
      value p0 by softmax0 registers 32 to output0
      value p1 by softmax1 registers 32 to output1
      value o0 by output0 registers 64 reserved to output0@1! softmax0@1
      value o1 by output1 registers 64 reserved to output1@1! softmax1@1
      order softmax0 before softmax0 delay 896 distance 1
      order softmax1 before softmax1 delay 896 distance 1
      """);

  private Problems() {}
}
