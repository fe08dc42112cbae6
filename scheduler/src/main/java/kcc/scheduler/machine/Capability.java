// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

/// What hardware can do beyond loads, stores and arithmetic. Passes ask for these and never for a chip's name.
public enum Capability {
  /// Memory for accumulators apart from the registers, next to the matrix unit.
  TENSOR_MEMORY,
  /// A unit that copies boxes of a tensor between global and shared memory by descriptor.
  BULK_TENSOR_COPY,
  /// Asynchronous copies of contiguous bytes, counted by barriers in shared memory.
  BULK_COPY,
  /// Asynchronous copies of 4 to 16 bytes for each thread from global to shared memory, around the registers.
  THREAD_ASYNC_COPY,
  /// Loads that write a wave's data to shared memory, 4 bytes a lane.
  LDS_DMA,
  /// The same with 16 bytes a lane.
  LDS_DMA_16,
  /// Barriers in shared memory with arrival and byte counts.
  SHARED_BARRIER,
  /// Several barriers of a block that are told apart by number.
  NAMED_BARRIER,
  /// Matrix instructions of four warps that read shared memory.
  WARPGROUP_MATRIX,
  /// Matrix instructions on registers of one warp or wave.
  WARP_MATRIX,
  /// Matrix instructions with a scale for each small block of elements.
  SCALED_MATRIX,
  /// Blocks that are launched together and see each other's shared memory.
  CLUSTERS,
  /// One matrix instruction of two blocks of a cluster.
  PAIRED_BLOCK_MATRIX,
  /// A running block takes over the work of one that was not launched yet.
  CLUSTER_LAUNCH_CONTROL,
  /// Registers move between groups of warps of a block at run time.
  REGISTER_REALLOCATION,
  /// Loads of 8x8 matrices from shared memory into matrix fragments.
  MATRIX_LOAD,
  /// Stores of matrix fragments as 8x8 matrices.
  MATRIX_STORE,
  /// Loads from shared memory that transpose small blocks on the way.
  TRANSPOSE_READ,
  /// Loads and stores with a buffer descriptor, which bounds them.
  BUFFER_ADDRESSING,
  /// Instructions on pairs of f32 in neighbouring registers.
  PACKED_F32,
  /// Instructions on pairs of f16 in one register.
  PACKED_F16,
  /// Add, multiply and fused multiply-add on bf16.
  BF16_ARITHMETIC,
  /// Rounding from f32 to bf16 in one instruction.
  BF16_CONVERSION,
  /// Conversion to and from fp8 as the Open Compute Project defines it (e4m3 without infinities, e5m2).
  F8_CONVERSION,
  /// Conversion to and from fp8 with one zero, one NaN and another exponent bias.
  F8_FNUZ_CONVERSION,
  /// A hyperbolic tangent instruction (approximate).
  TANH_INSTRUCTION,
  /// Minimum and maximum of three operands.
  THREE_OPERAND_MAXIMUM,
  /// Minimum and maximum that give NaN when an operand is NaN.
  NAN_PROPAGATING_MAXIMUM,
  /// Reduction over the lanes of a warp in one instruction, on integers.
  WARP_INTEGER_REDUCTION,
  /// Atomic add of f32 in global memory.
  ATOMIC_ADD_F32,
  ATOMIC_ADD_F64,
  /// Atomic add of a pair of f16 in global memory.
  ATOMIC_ADD_PACKED_F16,
  ATOMIC_ADD_PACKED_BF16,
  /// One launch may begin before the one before it in the stream has ended, and wait for it itself.
  DEPENDENT_LAUNCH
}
