# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: kcc compile %s --target cpu --compile-to tile -o - | FileCheck %s
from kcc import *

N = size("N")


def choose(a, b, n):
    if n > 3:
        return a
    return b


# CHECK-LABEL: gpu.func @loops(
@kernel
def loops(X: Tensor[N, f32], n: i32):
    i = grid(N)
    x = X[i]
    # A compile-time condition leaves nothing behind.
    # CHECK-NOT: scf.if
    if X.dtype == f32:
        x = x + 1.0
    # CHECK: %[[SUM:.*]] = scf.for %{{.*}} iter_args(%[[ACC:.*]] = %{{.*}}) -> (f32) : i32 {
    # CHECK:   %[[NEXT:.*]] = arith.addf %[[ACC]]
    # CHECK:   scf.yield %[[NEXT]] : f32
    acc = 0.0
    for k in range(n):
        acc += x
    # CHECK: %[[CHOSEN:.*]] = scf.if %{{.*}} -> (f32) {
    # CHECK-NEXT: scf.yield %[[SUM]] : f32
    # CHECK-NEXT: } else {
    # CHECK-NEXT: scf.yield %{{.*}} : f32
    y = choose(acc, x, n)
    # CHECK: scf.while (%{{.*}} = %[[CHOSEN]]) : (f32) -> f32 {
    # CHECK: scf.condition(%{{.*}})
    while y > 100.0:
        y = y * 0.5
    # CHECK: scf.if
    if n < 0:
        return
    X[i] = y
