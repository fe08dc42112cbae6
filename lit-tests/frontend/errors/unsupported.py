# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: sh -c '%kcc compile %s --target cpu -o %t.kcc; test $? -eq 3' 2>&1 | FileCheck %s
from kcc import *

N = size("N")


@kernel
def k(X: Tensor[N, f32]):
    i = grid(N)
    # CHECK: unsupported.py:[[@LINE+1]]:9: error: lambdas are not supported in kernels [KCC1003]
    f = lambda x: x * 2
    # CHECK: unsupported.py:[[@LINE+1]]:9: error: dictionaries are not supported in kernels [KCC1003]
    d = {"a": 1}
    # CHECK-NOT: error
    X[i] = f(d["a"])
