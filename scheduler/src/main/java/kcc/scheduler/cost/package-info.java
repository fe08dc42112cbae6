// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What a program would cost on a machine, by counting bytes, operations and what can be in flight; used to choose
/// what the source leaves open.
package kcc.scheduler.cost;
