// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The CPU target: kernels leave the common path at the tile level and go through linalg, bufferization and LLVM to
/// the host. It shares no lowering with the GPUs, so it is the oracle of their tests, and right before fast.
///
/// The steps are listed in [kcc.targets.cpu.CpuPipeline]; [kcc.targets.cpu.CpuTarget] is the way in.
package kcc.targets.cpu;
