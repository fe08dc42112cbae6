// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

/// What does one thing at a time for all groups: matrix unit, special functions, copy engine.
public record Unit(String name) {}
