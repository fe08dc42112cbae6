# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: kcc compile %s --target cpu --compile-to tile --kernel products -o - | FileCheck %s
# RUN: kcc compile %s --target cpu --compile-to tile --kernel running -o - | FileCheck %s --check-prefix=RUNNING
# RUN: not kcc compile %s --target cpu --compile-to tile --kernel products -D MOST=0 -o - 2>&1 | FileCheck %s --check-prefix=NONE
from kcc import *

M, N, K = sizes("M", "N", "K")
MOST = 32

# Sums of 8-bit floats are bounded unless they are said to be fast, or by no less than the depth. Types need not be the same.
# CHECK-LABEL: gpu.func @products(
# CHECK: linalg.matmul {kcc.max_imprecise = 128 : i64, kcc.precision = "ieee"} ins({{.*}}tensor<16x256xf8E4M3FN>, tensor<256x16xf8E5M2>)
# CHECK: linalg.matmul {kcc.max_imprecise = 64 : i64, kcc.precision = "ieee"} ins({{.*}}tensor<16x64xf8E4M3FN>
# CHECK: linalg.matmul {kcc.precision = "ieee"} ins({{.*}}tensor<16x64xf8E4M3FN>
# CHECK: linalg.matmul {kcc.max_imprecise = 32 : i64, kcc.precision = "ieee"} ins({{.*}}tensor<16x64xf8E4M3FN>
# CHECK: linalg.matmul {kcc.precision = "ieee"} ins({{.*}}tensor<16x64xf8E4M3FN>
# CHECK: linalg.matmul {kcc.precision = "ieee"} ins({{.*}}tensor<16x64xf16>
# NONE: error: 'max_num_imprecise_acc' is 0; at least one product is summed up


@kernel
def products(A: Tensor[M, K, f8e4m3], B: Tensor[N, K, f8e5m2], C: Tensor[M, N, f32]):
    m = grid(cdiv(M, 16)) * 16
    acc = dot(A[m:m+16, 0:256], B[0:16, 0:256].T)
    a = A[m:m+16, 0:64]
    b = A[0:16, 0:64].T
    acc = dot(a, b, acc)
    acc = dot(a, b, acc, precision="fast")
    acc = dot(a, b, acc, max_num_imprecise_acc=MOST)
    acc = dot(a, b, acc, max_num_imprecise_acc=65)
    C[m:m+16, 0:16] = dot(a.to(f16), b.to(f16), acc, max_num_imprecise_acc=MOST)


# What is added to a carried sum begins with it, in either order and product by product; not what is used besides, nor sums of
# 8-bit floats of any length.
# RUNNING-LABEL: gpu.func @running(
# RUNNING: scf.for {{.*}} iter_args(%[[A:.*]] = %{{.*}}, %[[B:.*]] = %{{.*}}, %[[C:.*]] = %{{.*}}, %[[D:.*]] = %{{.*}})
# RUNNING: %[[A1:.*]] = linalg.matmul {{.*}} outs(%[[A]] :
# RUNNING: %[[B1:.*]] = linalg.matmul {{.*}} outs(%[[B]] :
# RUNNING: %[[B2:.*]] = linalg.matmul {{.*}} outs(%[[B1]] :
# RUNNING: %[[C1:.*]] = linalg.matmul {{.*}} outs(%cst
# RUNNING: arith.addf %[[C]], %[[C1]]
# RUNNING: %[[D1:.*]] = linalg.matmul {{.*}}ins({{.*}}f8E4M3FN{{.*}} outs(%cst
# RUNNING: arith.addf %[[D]], %[[D1]]
# RUNNING: scf.yield %[[A1]], %[[B2]]
@kernel
def running(A: Tensor[M, K, f16], B: Tensor[K, N, f16], E: Tensor[M, K, f8e4m3], F: Tensor[K, N, f8e4m3], C: Tensor[M, N, f32]):
    m = grid(cdiv(M, 16)) * 16
    once, twice, shared, short = zeros([16, 16], f32), zeros([16, 16], f32), zeros([16, 16], f32), zeros([16, 16], f32)
    for k in range(0, K, 32):
        a, b = A[m:m+16, k:k+32], B[k:k+32, 0:16]
        once += dot(a, b)
        twice = dot(a, b) + twice + dot(a, b)
        product = dot(a, b)
        shared = shared + product
        shared *= product
        short += dot(E[m:m+16, k:k+32], F[k:k+32, 0:16], precision="fast")
    C[m:m+16, 0:16] = once + twice + shared + short
