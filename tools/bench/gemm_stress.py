# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Launches matrix products that `kcc inspect --extract` wrote as files many times and compares every element.

    gemm_stress.py FOLDER [--launches 10000] [--seed 1]

Shapes are random, log-uniform, four of five with rows of multiples of 16 bytes. Each is launched ten times into memory
poisoned with NaN; elements are compared with a product in f32, and the rows before and behind the result must stay as
they were. A hang shows as a run that does not end: give it a time limit.
"""
import argparse
import random
import sys

import torch

from extracted_kernels import Kernel

REPEATS = 10


def shape(generator):
    if generator.random() < 0.8:
        return tuple(8 * round(2 ** generator.uniform(0, 8.5)) for _ in range(3))
    return tuple(round(2 ** generator.uniform(0, 11)) for _ in range(3))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder")
    options.add_argument("--launches", type=int, default=10000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    torch.zeros(1, device="cuda")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.manual_seed(given.seed)
    generator = random.Random(given.seed)
    kernel = Kernel(given.folder)
    launches, worst = 0, 0.0
    while launches < given.launches:
        m, n, k = shape(generator)
        a, b = (torch.randn(*size, device="cuda").half() for size in ((m, k), (k, n)))
        around = 8  # rows: a result of aligned rows begins at a multiple of 16 bytes
        whole = torch.full((m + 2 * around, n), float("nan"), device="cuda").half()
        c = whole[around:around + m]
        launch = kernel.prepare(a, b, c)
        for _ in range(REPEATS):
            c.fill_(float("nan"))
            launch()
        launches += REPEATS
        want = a.float() @ b.float()
        # Half a unit in the last place of f16, and the order of the sums.
        allowed = want.abs() * 2 ** -11 + 1e-5 * k ** 0.5 + 2 ** -25
        off = (c.float() - want).abs() / allowed
        if not off.max() <= 1.01:
            raise RuntimeError(f"{m} x {n} x {k}: an element is off by {off.max().item():.2f} of what rounding explains")
        if not (whole[:around].isnan().all() and whole[around + m:].isnan().all()):
            raise RuntimeError(f"{m} x {n} x {k}: wrote beside the result")
        worst = max(worst, off.max().item())
    print(f"{launches} launches, no wrong element; the worst is {worst:.2f} of what rounding explains")


if __name__ == "__main__":
    sys.exit(main())
