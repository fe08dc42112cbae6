// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

/// An option of a pass, written `flag{name=value}` in a pipeline.
///
/// @param defaultValue what holds when the pipeline says nothing, or null when the option must be given
public record Option(String name, String summary, String defaultValue) {}
