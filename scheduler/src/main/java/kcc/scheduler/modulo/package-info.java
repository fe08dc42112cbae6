// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Modulo scheduling with a choice of groups: when each operation of a loop body starts, on which group of warps, and how
/// many slots each buffer between them has, so that iterations follow one another as closely as the units allow.
///
/// A [kcc.scheduler.modulo.Problem] says what must hold, a [kcc.scheduler.modulo.Schedule] is an answer, and
/// [kcc.scheduler.modulo.ScheduleCheck] decides on its own whether it is one. Solvers know nothing else.
package kcc.scheduler.modulo;
