// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Python source to syntax trees: an ANTLR grammar for all of Python 3.11, records for every kind of expression and
/// statement, and errors that name the place and the remedy. Needs no native code.
package kcc.frontend.syntax;
