// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What is known of integers at the tile level: [AxisAnalysis] derives [AxisFacts] for every value of a kernel, and from
/// them how wide a memory access may be and whether an offset fits 32 bits. Nothing here changes the IR.
package kcc.passes.analysis;
