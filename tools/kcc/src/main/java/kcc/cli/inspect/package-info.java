// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What `kcc inspect` reads out of machine code.
package kcc.cli.inspect;
