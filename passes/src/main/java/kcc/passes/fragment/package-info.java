// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// From tiles with layouts to one thread's code: the 1:N conversion of a tile to the scalars in a thread's registers.
///
/// | question | class |
/// |---|---|
/// | what does each operation become, and is everything supported | [kcc.passes.fragment.FragmentPlanner] |
/// | which element does this register hold | [kcc.passes.fragment.Coordinates], [kcc.passes.fragment.ThreadBits] |
/// | how wide are accesses to memory | [kcc.passes.fragment.AccessPlan] |
/// | what is combined with what in a reduction | [kcc.passes.fragment.ReductionPlan] |
/// | the new code | [kcc.passes.fragment.FunctionLowering] and the `...Lowering` classes it hands operations to |
package kcc.passes.fragment;
