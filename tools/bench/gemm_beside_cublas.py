# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times matrix products that `kcc inspect --extract` wrote as files beside cuBLAS (torch.matmul), in turns in one process.

    gemm_beside_cublas.py FOLDER...            # the shapes of docs/benchmarks.md; --random N: N shapes nobody tuned

Each folder holds the images of one kernel `gemm(A, B, C)` with C = A B. A and B are random normal; before each launch
256 MiB are written, so that nothing is left in the second cache. A round is four launches of cuBLAS, then four of each
kernel; the figure is the median over rounds of the ratio of the medians of a round. Before and after timing, the
relative Frobenius norm of the error against f64 (f32 above 4096 x 4096 x 4096, where f64 takes too long) is compared
with cuBLAS's own; C is poisoned with NaN before.
"""
import argparse
import math
import os
import random
import statistics
import sys

import torch

from extracted_kernels import Kernel

SHAPES = [(1024, 1024, 1024), (2048, 2048, 2048), (4096, 4096, 4096), (8192, 8192, 8192), (16384, 16384, 16384),
          (16, 8192, 8192), (128, 8192, 8192), (8192, 28672, 4096), (4096, 4096, 14336), (8192, 1024, 8192)]
TYPES = {"f16": torch.float16, "bf16": torch.bfloat16}
LAUNCHES = 4


def random_shapes(count, seed):
    generator = random.Random(seed)
    return [tuple(round(2 ** generator.uniform(0, 14)) for _ in range(3)) for _ in range(count)]


def error(c, reference):
    reference = reference.to(torch.float64)
    norm = torch.linalg.norm(reference)
    return (torch.linalg.norm(c.to(torch.float64) - reference) / norm).item() if norm > 0 else c.abs().max().item()


class Case:
    def __init__(self, m, n, k, kind, folders, flush):
        self.flush = flush
        self.a, self.b = (torch.randn(*shape, device="cuda").to(kind) for shape in ((m, k), (k, n)))
        self.c = torch.empty(m, n, device="cuda", dtype=kind)
        wide = torch.float64 if m * n * k <= 4096 ** 3 else torch.float32
        self.reference = torch.matmul(self.a.to(wide), self.b.to(wide))
        self.kernels = {"cublas": lambda: torch.matmul(self.a, self.b, out=self.c)}
        for folder in folders:
            self.kernels[os.path.basename(os.path.normpath(folder))] = Kernel(folder).prepare(self.a, self.b, self.c)

    def check(self):
        errors = {}
        for name, launch in self.kernels.items():
            self.c.fill_(float("nan"))
            launch()
            torch.cuda.synchronize()
            errors[name] = error(self.c, self.reference)
        allowed = max(1.1 * errors["cublas"], 1e-7)
        for name, off in errors.items():
            if not off <= allowed:
                raise RuntimeError(f"{name} {tuple(self.c.shape)}: off by {off}, cuBLAS by {errors['cublas']}")
        return errors

    def turn(self, launch):
        begins, ends = ([torch.cuda.Event(enable_timing=True) for _ in range(LAUNCHES)] for _ in range(2))
        for begin, end in zip(begins, ends):
            self.flush.zero_()
            begin.record()
            launch()
            end.record()
        torch.cuda.synchronize()
        return statistics.median(begin.elapsed_time(end) for begin, end in zip(begins, ends))

    def rounds(self, count):
        times = {name: [] for name in self.kernels}
        for launch in self.kernels.values():
            self.turn(launch)
        for _ in range(count):
            for name, launch in self.kernels.items():
                times[name].append(self.turn(launch))
        return times


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="+")
    options.add_argument("--type", choices=TYPES, default="f16")
    options.add_argument("--rounds", type=int, default=8)
    options.add_argument("--random", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = False
    flush = torch.empty(1 << 28, dtype=torch.uint8, device="cuda")
    names = [os.path.basename(os.path.normpath(folder)) for folder in given.folders]
    ratios = {name: [] for name in names}
    print("| M x N x K | cuBLAS, TFLOP/s | " + " | ".join(f"{name} | of cuBLAS" for name in names) + " | error |")
    print("|---" * (3 + 2 * len(names)) + "|", flush=True)
    for m, n, k in random_shapes(given.random, given.seed) if given.random else SHAPES:
        case = Case(m, n, k, TYPES[given.type], given.folders, flush)
        errors = case.check()
        times = case.rounds(given.rounds)
        case.check()
        rate = lambda name: 2e-9 * m * n * k / statistics.median(times[name])
        cells = [f"{m} x {n} x {k}", f"{rate('cublas'):.0f}"]
        for name in names:
            ratio = statistics.median(own / other for own, other in zip(times["cublas"], times[name]))
            ratios[name].append(ratio)
            cells += [f"{rate(name):.0f}", f"{ratio:.3f}"]
        print("| " + " | ".join(cells) + f" | {max(errors[name] for name in names):.1e} |", flush=True)
        del case
    for name in names:
        mean = math.exp(statistics.fmean(map(math.log, ratios[name])))
        print(f"{name}: geometric mean {mean:.3f}, least {min(ratios[name]):.3f}")


if __name__ == "__main__":
    sys.exit(main())
