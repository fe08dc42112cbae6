// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What the two GPU families share on the way from the fragment level to the machine level.
package kcc.targets.gpu;
