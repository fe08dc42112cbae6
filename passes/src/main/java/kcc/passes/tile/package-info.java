// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Passes of the tile level: nothing here knows about threads.
package kcc.passes.tile;
