// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

/// How LLVM calls the instruction set.
///
/// @param triple   target triple, empty for the host
/// @param cpu      LLVM's name of the processor
/// @param features LLVM's feature string, perhaps empty
public record CodeGeneration(String triple, String cpu, String features) {}
