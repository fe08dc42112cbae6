// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Elementary functions on GPUs, without a library of device functions.
package kcc.targets.math;
