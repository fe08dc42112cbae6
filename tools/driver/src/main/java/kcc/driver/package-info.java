// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// From a kernel file to machine code for several chips: what `kcc`, the Maven plugin and tests call.
package kcc.driver;
