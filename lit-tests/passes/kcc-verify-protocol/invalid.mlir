// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt --target h100 --verify-diagnostics --split-input-file --kcc-verify-protocol %s
// One mistake in each kernel; the message says which step, which slot and which order.

// A wait is dropped: the slot may not be filled yet.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+2 {{the groups of 'f' do not work together (phase): copy (loop0 0, loop1 1): wait for empty0[-3] may come too late: nothing keeps phase 0 from ending before it has seen the end of phase -1 of slot 1 of empty0}}
  // expected-note @+1 {{copy (loop0 0, loop1 1): wait for empty0[-3]}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%zero] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        kcc.release %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// The slot is given back before the products are done.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+3 {{the groups of 'f' do not work together (race): slot 0 of buffer0.0 is not free: nothing makes copy (loop0 1, loop1 1): copy to buffer0.0[4] wait until compute.0 (loop0 0, loop1 0): product of buffer0.0[0], buffer0.1[0] is over}}
  // expected-note @+2 {{compute.0 (loop0 0, loop1 0): product of buffer0.0[0], buffer0.1[0]}}
  // expected-note @+1 {{copy (loop0 1, loop1 1): copy to buffer0.0[4]}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        kcc.release %c[%n] : !ring
        %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// One product stays under way.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+2 {{the groups of 'f' do not work together (unfinished): the program may end before this is over: compute.0 (loop0 1, loop1 1): product of buffer0.0[3], buffer0.1[3]}}
  // expected-note @+1 {{compute.0 (loop0 1, loop1 1): product of buffer0.0[3], buffer0.1[3]}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 1 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        kcc.release %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// Nobody gives slots back.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+2 {{the groups of 'f' do not work together (deadlock): in some iterations of loop0 nobody arrives at empty0}}
  // expected-note @+1 {{copy: wait for empty0}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// Only half of the warps are counted.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+3 {{the groups of 'f' do not work together (overflow): 8 arrive at phase 0 of slot 0 of empty0, which expects 4}}
  // expected-note @+2 {{compute.0 (loop0 0, loop1 0): arrive at empty0[0]}}
  // expected-note @+1 {{compute.1 (loop0 0, loop1 0): arrive at empty0[0]}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        kcc.release %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// A copy is missing: fewer bytes land than are announced.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+3 {{the groups of 'f' do not work together (wrong bytes): phase 0 of slot 0 of full0 is told of 49152 bytes and gets 16384}}
  // expected-note @+2 {{copy (loop0 0, loop1 0): copy to buffer0.0[0]}}
  // expected-note @+1 {{copy (loop0 0, loop1 0): arrive at full0[0] announcing 49152 bytes}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        kcc.release %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// The copying group does one step less.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+2 {{the groups of 'f' do not work together (deadlock): in some iterations of loop0 nobody arrives at full0}}
  // expected-note @+1 {{compute.0: wait for full0}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %one to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        kcc.release %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// Slots are skipped.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+2 {{the groups of 'f' do not work together (deadlock): compute.0 (loop0 0, loop1 1): wait for full0[1] for ever: 0 of 1 arrive at phase 0 of slot 1 of full0}}
  // expected-note @+1 {{compute.0 (loop0 0, loop1 1): wait for full0[1]}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %two = arith.constant 2 : i32
        %m = arith.addi %n, %two : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        kcc.release %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// The last slot is not given back.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+2 {{the groups of 'f' do not work together (deadlock): in some iterations of loop0 nobody arrives at empty0}}
  // expected-note @+1 {{copy: wait for empty0}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %minus = arith.constant -1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 1 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        %later = arith.cmpi sgt, %k, %zero : i32
        %before = arith.addi %n, %minus : i32
        kcc.release %c[%before] if %later : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      %done = kcc.mma_wait 0 %sum : tensor<128x256xf32> -> tensor<128x256xf32>
      %ran = arith.cmpi slt, %zero, %steps : i32
      %last = arith.addi %next, %minus : i32
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// A slot is given back while its product may still run.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+2 {{the groups of 'f' do not work together (deadlock): in some iterations of loop0 nobody arrives at empty0}}
  // expected-note @+1 {{copy: wait for empty0}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %minus = arith.constant -1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 1 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        %later = arith.cmpi sgt, %k, %zero : i32
        %before = arith.addi %n, %minus : i32
        kcc.release %c[%n] if %later : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      %done = kcc.mma_wait 0 %sum : tensor<128x256xf32> -> tensor<128x256xf32>
      %ran = arith.cmpi slt, %zero, %steps : i32
      %last = arith.addi %next, %minus : i32
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// Nobody waits for the last product.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+2 {{the groups of 'f' do not work together (unfinished): the program may end before this is over: compute.0 (loop0 1, loop1 1): product of buffer0.0[3], buffer0.1[3]}}
  // expected-note @+1 {{compute.0 (loop0 1, loop1 1): product of buffer0.0[3], buffer0.1[3]}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %minus = arith.constant -1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 1 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        %later = arith.cmpi sgt, %k, %zero : i32
        %before = arith.addi %n, %minus : i32
        kcc.release %c[%before] if %later : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      %ran = arith.cmpi slt, %zero, %steps : i32
      %last = arith.addi %next, %minus : i32
      kcc.release %c[%last] if %ran : !ring
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// A box is filled while the copy engine may still read it.
!ring = !kcc.channel<2, [!kcc.buffer<64x64xf16, swizzle = 128>]>
gpu.module @m {
  // expected-error @+3 {{the groups of 'f' do not work together}}
  // expected-note @+2 {{store (loop0 0): store of out of store[1]}}
  // expected-note @+1 {{store (loop0 1): write to out of store[3]}}
  gpu.func @f(%map: !kcc.tensor_map, %tiles: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 32768 : i64} : !ring
    kcc.start @store(%map, %tiles, %c) warps 4 : !kcc.tensor_map, i32, !ring
    gpu.return
  }
  gpu.func @store(%map: !kcc.tensor_map, %tiles: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 4 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %x = arith.constant 1.0 : f32
    %base = kcc.shared_base : !llvm.ptr<3>
    %next = llvm.getelementptr %base[8192] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
    scf.for %t = %zero to %tiles step %one : i32 {
      kcc.bulk_wait 1
      kcc.warp_group_barrier
      llvm.store %x, %base : f32, !llvm.ptr<3>
      kcc.fence_async
      kcc.warp_group_barrier
      kcc.bulk_store %base to %map[%t, %zero] : !llvm.ptr<3>
      kcc.bulk_wait 2
      kcc.warp_group_barrier
      llvm.store %x, %next : f32, !llvm.ptr<3>
      kcc.fence_async
      kcc.warp_group_barrier
      kcc.bulk_store %next to %map[%t, %one] : !llvm.ptr<3>
    }
    kcc.bulk_wait 0
    gpu.return
  }
}

// -----

// Every tile begins at position 0 again, which the other group does not. Positions that do not only grow are not followed.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %steps, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %zero) -> (i32) : i32 {
        // expected-error @+1 {{the protocol cannot be read off 'kcc.acquire': its position does not grow by constants}}
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %steps: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %minus = arith.constant -1 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 1 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        %later = arith.cmpi sgt, %k, %zero : i32
        %before = arith.addi %n, %minus : i32
        kcc.release %c[%before] if %later : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      %done = kcc.mma_wait 0 %sum : tensor<128x256xf32> -> tensor<128x256xf32>
      %ran = arith.cmpi slt, %zero, %steps : i32
      %last = arith.addi %next, %minus : i32
      kcc.release %c[%last] if %ran : !ring
      scf.yield %next : i32
    }
    gpu.return
  }
}

// -----

// One group makes a thousand steps, the other 999: nothing says that they are equally many.
!a = !kcc.buffer<128x64xf16, swizzle = 128>
!b = !kcc.buffer<64x256xf16, swizzle = 128>
!ring = !kcc.channel<4, [!a, !b]>
gpu.module @m {
  // expected-error @+2 {{the groups of 'f' do not work together (deadlock): compute.0 (loop0 0, loop1 1): wait for full0[1] for ever: 0 of 1 arrive at phase 0 of slot 1 of full0}}
  // expected-note @+1 {{compute.0 (loop0 0, loop1 1): wait for full0[1]}}
  gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32) kernel attributes {kcc.num_warps = 1 : i32} {
    %c = kcc.channel producers 1 consumers 8 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 196608 : i64} : !ring
    kcc.start @copy(%x, %y, %tiles, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, i32, !ring
    kcc.start @compute(%x, %y, %tiles, %c) warps 8 : !kcc.tensor_map, !kcc.tensor_map, i32, !ring
    gpu.return
  }
  gpu.func @copy(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %c: !ring) attributes {kcc.group, kcc.one_thread, kcc.num_warps = 1 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %steps = arith.constant 1000 : i32
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %next = scf.for %k = %zero to %steps step %one iter_args(%n = %first) -> (i32) : i32 {
        %p, %q = kcc.acquire %c[%n] : !ring -> !a, !b
        kcc.copy_tile %x[%t, %k] to %p on %c[%n] : !a, !ring
        kcc.copy_tile %y[%k, %t] to %q on %c[%n] : !b, !ring
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
  gpu.func @compute(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %tiles: i32, %c: !ring) attributes {kcc.group, kcc.num_warps = 8 : i32} {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %steps = arith.constant 999 : i32
    %none = arith.constant dense<0.0> : tensor<128x256xf32>
    %end = scf.for %t = %zero to %tiles step %one iter_args(%first = %zero) -> (i32) : i32 {
      %sum, %next = scf.for %k = %zero to %steps step %one iter_args(%acc = %none, %n = %first) -> (tensor<128x256xf32>, i32) : i32 {
        %p, %q = kcc.get %c[%n] : !ring -> !a, !b
        %d = kcc.async_matmul %p, %q, %acc : !a, !b, tensor<128x256xf32>
        %e = kcc.mma_wait 0 %d : tensor<128x256xf32> -> tensor<128x256xf32>
        kcc.release %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %e, %m : tensor<128x256xf32>, i32
      }
      scf.yield %next : i32
    }
    gpu.return
  }
}
