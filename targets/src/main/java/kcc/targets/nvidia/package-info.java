// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// From the fragment level to NVVM, PTX and cubin.
package kcc.targets.nvidia;
