// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The forms in which `kcc schedule` shows schedules: JSON, a table, a page.
package kcc.cli.schedule;
