// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What a compile leaves behind: the fat binary, an LLVM offload binary for each kernel and chip, and the manifest in it.
package kcc.targets.binary;
