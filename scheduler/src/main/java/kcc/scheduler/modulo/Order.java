// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

/// `after` starts no sooner than `delay` cycles behind the start of `before`, of as many iterations before.
public record Order(String before, String after, int delay, int distance) {}
