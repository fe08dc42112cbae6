// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Where each element of a tile lives: layouts as linear maps over bits.
///
/// A tile size is a power of two, so a coordinate is a vector of bits, and so are the number of a register, of a lane,
/// of a warp and an offset in shared memory. Every placement the hardware knows (vectorized global access, matrix
/// fragments, swizzled shared memory) is linear over these bits with XOR as addition. One class, [LinearLayout], stands
/// for all of them; conversions, bank conflicts, reductions and vector widths are questions of linear algebra over F2:
///
/// | question | answered by |
/// |---|---|
/// | which element does this register of this lane hold | [LinearLayout#apply(long)] |
/// | which layout does a matrix instruction want | [MmaFragments], [WgmmaFragments], [MfmaFragments] |
/// | how does a tile get from one layout to another | [ConversionPlanner] |
/// | how many turns does a shared memory access take | [BankConflicts] |
/// | how is an axis summed without counting a copy twice | [ReductionPlan] |
/// | how wide may a global access be | [Vectorization] |
/// | what does a machine say to this | [MachineLayouts] |
///
/// The idea is that of Zhou et al., "Linear Layouts: Robust Code Generation of Efficient Tensor Computation Using F2"
/// (arXiv 2505.23819). Nothing here knows MLIR or names a chip: facts of a machine come in as data.
package kcc.passes.layout;
