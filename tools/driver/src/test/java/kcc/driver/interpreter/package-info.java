// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// Runs kernels of the asynchronous level as they are written, on small arrays, with copies and products that end whenever
/// a random scheduler likes. For tests: it shares no code with the passes and lowerings whose results it runs.
package kcc.driver.interpreter;
