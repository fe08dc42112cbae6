// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What `kcc run` takes as arguments of a kernel.
package kcc.cli.run;
