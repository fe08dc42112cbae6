# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: not kcc compile %s --target cpu --compile-to tile -o - 2>&1 | FileCheck %s
import triton
import triton.language as tl


# CHECK: missing_types.py:[[@LINE+3]]:5: error: the kernel 'copy' needs types or values for x_ptr, y_ptr, n, B [KCC1009]
# CHECK: help: add --signature "x_ptr:*f32:16, y_ptr:*f32:16, n:i32" -D B=1024
@triton.jit
def copy(x_ptr, y_ptr, n, B: tl.constexpr):
    offsets = tl.arange(0, B)
    tl.store(y_ptr + offsets, tl.load(x_ptr + offsets, mask=offsets < n), mask=offsets < n)
