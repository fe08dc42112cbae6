// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

/// Warps that run one instruction stream together.
///
/// @param registers of each thread for values that live between operations
/// @param like      the group that this one is interchangeable with, or null: solvers may swap them
public record Group(String name, int registers, String like) {}
