// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --kcc-lower-groups-to-nvvm --verify-diagnostics --split-input-file %s

gpu.module @m {
  gpu.func @f() kernel attributes {known_block_size = array<i32: 384, 1, 1>} {
    // expected-error @+1 {{a thread cannot have 100 registers; the numbers are multiples of 8 from 24 to 256}}
    kcc.set_registers 100
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @f() kernel attributes {known_block_size = array<i32: 384, 1, 1>} {
    // expected-error @+1 {{a barrier of a warp group outside of a group has no number}}
    kcc.warp_group_barrier
    gpu.return
  }
}

// -----

gpu.module @m {
  // expected-error @+1 {{registers are changed in a kernel whose block size is not known, so what threads begin with is not, either}}
  gpu.func @f() kernel {
    kcc.set_registers 96
    gpu.return
  }
}
