# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: not kcc compile %s --target cpu -o %t.kcc 2>&1 | FileCheck %s
# RUN: not ls %t.kcc
from kcc import *

M, N = sizes("M", "N")


def helper(x):
    return exp(x)


@kernel
def k(X: Tensor[M, N, f32], I: Tensor[N, i32]):
    row = grid(M)
    # CHECK: several.py:[[@LINE+4]]:9: error: unknown name 'zeroes' [KCC1002]
    # CHECK-NEXT: 20 |     a = zeroes([8], f32)
    # CHECK-NEXT:    |         ^~~~~~
    # CHECK-NEXT: help: did you mean 'zeros'?
    a = zeroes([8], f32)
    b = a + 1
    # CHECK: several.py:[[@LINE+1]]:9: error: the shapes [8, 1] and [4, 16] do not broadcast: 8 against 4 in dimension 0 [KCC1006]
    c = zeros([8], f32)[:, None] + zeros([4, 16], f32)
    # CHECK: several.py:[[@LINE+1]]:9: error: the tile has the size 48, which is not a power of two [KCC1010]
    d = zeros([48], f32)
    # CHECK: several.py:10:12: error: this function needs floating numbers, not i32 [KCC1005]
    # CHECK: several.py:[[@LINE+1]]:9: note: called from here
    e = helper(I[0:8])
    # CHECK: several.py:[[@LINE+1]]:9: error: 'sum' has no argument 'axes' [KCC1004]
    f = sum(zeros([8], f32), axes=0)
    # CHECK: several.py:[[@LINE+1]]:5: error: 'try' is not supported in kernels: nothing can be raised in them [KCC1003]
    try:
        g = 1
    finally:
        g = 2
    # CHECK: several.py:[[@LINE+2]]:5: error: 'h' changes its type in the loop
    h = 0.0
    for i in range(0, N, 8):
        h += X[row, i:i+8]
