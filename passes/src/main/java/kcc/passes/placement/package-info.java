// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// From tiles to placed tiles: how many warps a program has and which register of which lane holds which element.
package kcc.passes.placement;
