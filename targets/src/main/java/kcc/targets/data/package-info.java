// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Data files about machines: reading them, and finding the one for a name a user wrote.
///
/// The files are TOML, read by a reader of our own for three reasons: each fact must carry its source as a comment on its
/// line, which TOML libraries drop; a wrong fact must be reported at its line and column; and the library first chosen
/// (tomlj 1.1.1) took 105 ms of a fresh process to read a file of this size, against 10 ms. A test reads every file with
/// that library too, so that they stay TOML.
package kcc.targets.data;
