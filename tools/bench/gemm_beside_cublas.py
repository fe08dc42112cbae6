# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times matrix products that `kcc inspect --extract` wrote as files beside cuBLAS, in turns in one process.

    gemm_beside_cublas.py FOLDER...            # the shapes of docs/benchmarks.md; --random N: N shapes nobody tuned

Each folder holds the images of one kernel. Of f16 and bf16 it is `gemm(A, B, C)` with C = A B beside torch.matmul; of the
other types `scaled_gemm(A, B, Scale, C)` with both factors row by row along the depth:

    e4m3, e5m2    torch._scaled_mm, results in bf16 (the second factor is e4m3 in both: the library knows no other);
                  --fast: with use_fast_accum, sums as the matrix unit has them
    blocks        the same with a scale for each 128 of a row of A and each 128 x 128 of B: `block_scaled_gemm(A, SA, B, SB, C)`
    tf32          torch.matmul with allow_tf32, factors and results in f32
    int8          torch._int_mm, results in i32; the kernel has no scales. The library takes more than 16 rows

A and B are random normal, integers from -128 to 127; before each launch 256 MiB are written, so that nothing is left in
the second cache. A round is four launches of cuBLAS, then four of each kernel; the figure is the median over rounds of the
ratio of the medians of a round. Before and after timing, the relative Frobenius norm of the error against f64 (f32 above
4096 x 4096 x 4096, where f64 takes too long) is compared with cuBLAS's own; C is poisoned before.
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
E4M3, E5M2 = torch.float8_e4m3fn, torch.float8_e5m2
# Of the first factor, the second, and the result.
TYPES = {"f16": (torch.float16,) * 3, "bf16": (torch.bfloat16,) * 3, "e4m3": (E4M3, E4M3, torch.bfloat16),
         "e5m2": (E5M2, E4M3, torch.bfloat16), "blocks": (E4M3, E4M3, torch.bfloat16), "tf32": (torch.float32,) * 3, "int8": (torch.int8, torch.int8, torch.int32)}
# What sizes have to be multiples of for the library.
STEPS = {name: (1, 16, 16) if types[0].itemsize == 1 else (1, 1, 1) for name, types in TYPES.items()}
STEPS["blocks"] = (4, 128, 512)
LAUNCHES = 4


def random_shapes(count, seed, steps):
    generator = random.Random(seed)
    return [tuple(-(-round(2 ** generator.uniform(0, 14)) // step) * step for step in steps) for _ in range(count)]


def error(c, reference):
    reference = reference.to(torch.float64)
    norm = torch.linalg.norm(reference)
    return (torch.linalg.norm(c.to(torch.float64) - reference) / norm).item() if norm > 0 else c.abs().max().item()


def factor(shape, kind):
    return (torch.randint(-128, 128, shape, device="cuda") if kind == torch.int8 else torch.randn(*shape, device="cuda")).to(kind)


class Case:
    def __init__(self, m, n, k, given, flush):
        self.flush = flush
        left, right, result = TYPES[given.type]
        along_depth = given.type not in ("f16", "bf16")
        self.a, self.b = factor((m, k), left), factor((n, k) if along_depth else (k, n), right)
        self.c = torch.empty(m, n, device="cuda", dtype=result)
        second = self.b.t() if along_depth else self.b
        wide = torch.float64 if m * n * k <= 4096 ** 3 else torch.float32
        scales_a, scales_b = (torch.rand(*shape, device="cuda") + 0.5 for shape in ((-(-k // 128), m), (-(-n // 128), -(-k // 128))))
        torch.backends.cuda.matmul.allow_tf32 = False
        left_values, right_values = self.a.to(wide), second.to(wide)
        if given.type == "blocks":
            left_values = left_values * scales_a.t().repeat_interleave(128, 1)
            right_values = right_values * scales_b.t().repeat_interleave(128, 0).repeat_interleave(128, 1)
        self.reference = torch.matmul(left_values, right_values)
        del left_values, right_values
        torch.backends.cuda.matmul.allow_tf32 = True
        one, scale = torch.ones((), device="cuda"), torch.ones(2, device="cuda")
        if given.type == "int8":
            library = lambda: torch._int_mm(self.a, second, out=self.c)
        elif given.type == "blocks":
            library = lambda: torch._scaled_mm(self.a, second, scales_a.t(), scales_b.t(), out_dtype=result,
                                               use_fast_accum=False, out=self.c)
        elif left.itemsize == 1:
            library = lambda: torch._scaled_mm(self.a, second, one, one, out_dtype=result,
                                               use_fast_accum=given.fast, out=self.c)
        else:
            library = lambda: torch.matmul(self.a, second, out=self.c)
        self.kernels = {"cublas": library}
        arguments = ((self.a, scales_a, self.b, scales_b, self.c) if given.type == "blocks"
                     else (self.a, self.b, scale, self.c) if along_depth and given.type != "int8"
                     else (self.a, self.b, self.c))
        for folder in given.folders:
            self.kernels[os.path.basename(os.path.normpath(folder))] = Kernel(folder).prepare(*arguments)

    def check(self):
        errors = {}
        for name, launch in self.kernels.items():
            self.c.fill_(float("nan") if self.c.is_floating_point() else -1)
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
    options.add_argument("--fast", action="store_true")
    options.add_argument("--rounds", type=int, default=8)
    options.add_argument("--random", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    flush = torch.empty(1 << 28, dtype=torch.uint8, device="cuda")
    names = [os.path.basename(os.path.normpath(folder)) for folder in given.folders]
    ratios = {name: [] for name in names}
    print("| M x N x K | cuBLAS, TFLOP/s | " + " | ".join(f"{name} | of cuBLAS" for name in names) + " | error | cuBLAS's |")
    print("|---" * (4 + 2 * len(names)) + "|", flush=True)
    for m, n, k in random_shapes(given.random, given.seed, STEPS[given.type]) if given.random else SHAPES:
        if given.type == "int8" and m <= 16:
            continue
        case = Case(m, n, k, given, flush)
        errors = case.check()
        times = case.rounds(given.rounds)
        case.check()
        rate = lambda name: 2e-9 * m * n * k / statistics.median(times[name])
        cells = [f"{m} x {n} x {k}", f"{rate('cublas'):.0f}"]
        for name in names:
            ratio = statistics.median(own / other for own, other in zip(times["cublas"], times[name]))
            ratios[name].append(ratio)
            cells += [f"{rate(name):.0f}", f"{ratio:.3f}"]
        print("| " + " | ".join(cells) + f" | {max(errors[name] for name in names):.1e} | {errors['cublas']:.1e} |", flush=True)
        del case
    for name in names:
        mean = math.exp(statistics.fmean(map(math.log, ratios[name])))
        print(f"{name}: geometric mean {mean:.3f}, least {min(ratios[name]):.3f}")


if __name__ == "__main__":
    sys.exit(main())
