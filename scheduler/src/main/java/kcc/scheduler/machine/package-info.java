// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What a compiler has to know about a machine: an instruction set ([Isa]) and a chip that runs it ([Chip]). Facts come
/// from data files and arrive here checked: a constructor re-derives what follows from other facts and refuses what does
/// not fit. Units are part of component names. What is not known is null or missing from a list, never 0.
package kcc.scheduler.machine;
