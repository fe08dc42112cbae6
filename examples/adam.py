# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One step of Adam with decoupled weight decay, in place: P is of type T, its moments V and S are f32.

The host gives Rate, and Bias1 = 1 - Beta1^step and Bias2 = 1 - Beta2^step.
"""
from kcc import *

N = size("N")
T = f32  # another element type: -D T=bf16


@kernel
def adam(P: Tensor[N, T], dP: Tensor[N, T], V: Tensor[N, f32], S: Tensor[N, f32], Rate: f32, Beta1: f32, Beta2: f32,
         Eps: f32, Decay: f32, Bias1: f32, Bias2: f32, BN: const = 1024):
    i = grid(cdiv(N, BN)) * BN
    p, g = P[i:i+BN].to(f32), dP[i:i+BN].to(f32)
    v = Beta1 * V[i:i+BN] + (1 - Beta1) * g
    s = Beta2 * S[i:i+BN] + (1 - Beta2) * g * g
    V[i:i+BN] = v
    S[i:i+BN] = s
    step = v / Bias1 / (sqrt(s / Bias2) + Eps)
    P[i:i+BN] = p - Rate * (step + Decay * p)
