// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// From the fragment level to ROCDL, an AMDGPU object and hsaco.
package kcc.targets.amd;
