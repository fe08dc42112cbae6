// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

/// How a memory access should treat the caches, with the numbers of the kcc dialect.
public enum CacheHint { DEFAULT, STREAMING, L2_ONLY, EVICT_FIRST, EVICT_LAST, VOLATILE }
