# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times 2-D convolutions that `kcc inspect --extract` wrote as files beside cuDNN (torch.nn.functional.conv2d on images in
torch.channels_last), in turns in one process.

    conv_beside_torch.py FOLDER...

Each folder holds the images of the kernel `conv2d(X, F, Y)` of examples/conv2d.py, with its stride and padding of 1. X and
F are random normal, in f16; 256 MiB are written before each launch. A round is four launches of torch, then four of each
kernel; the figure is the median over rounds of the ratio of the medians of a round. Before, every element is compared
with torch's in f32.
"""
import argparse
import math
import os
import statistics
import sys

import torch

from extracted_kernels import Kernel

# N, H, W, C, K, R, S
SHAPES = [(32, 56, 56, 64, 64, 3, 3), (32, 28, 28, 128, 128, 3, 3), (32, 14, 14, 256, 256, 3, 3), (32, 7, 7, 512, 512, 3, 3),
          (32, 56, 56, 256, 256, 3, 3), (16, 57, 55, 67, 131, 3, 3), (8, 64, 64, 320, 320, 3, 3), (32, 56, 56, 256, 128, 1, 1)]
LAUNCHES = 4
PAD = 1


def turn(launch, flush):
    begins, ends = ([torch.cuda.Event(enable_timing=True) for _ in range(LAUNCHES)] for _ in range(2))
    for begin, end in zip(begins, ends):
        flush.zero_()
        begin.record()
        launch()
        end.record()
    torch.cuda.synchronize()
    return statistics.median(begin.elapsed_time(end) for begin, end in zip(begins, ends))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="+")
    options.add_argument("--rounds", type=int, default=6)
    given = options.parse_args()
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    flush = torch.empty(1 << 28, dtype=torch.uint8, device="cuda")
    names = [os.path.basename(os.path.normpath(folder)) for folder in given.folders]
    ratios = {name: [] for name in names}
    print("| N x H x W x C, K x R x S | cuDNN, TFLOP/s | " + " | ".join(f"{name} | of cuDNN" for name in names) + " |")
    print("|---" * (2 + 2 * len(names)) + "|", flush=True)
    for n, h, w, c, k, r, s in SHAPES:
        p, q = h + 2 * PAD - r + 1, w + 2 * PAD - s + 1
        x, f = torch.randn(n, h, w, c, device="cuda").half(), torch.randn(k, r, s, c, device="cuda").half()
        y = torch.full((n, p, q, k), float("nan"), device="cuda").half()
        image, filters = x.permute(0, 3, 1, 2), f.permute(0, 3, 1, 2)
        want = torch.nn.functional.conv2d(image.float(), filters.float(), padding=PAD).permute(0, 2, 3, 1)
        launches = {"cudnn": lambda: torch.nn.functional.conv2d(image, filters, padding=PAD)}
        for name, folder in zip(names, given.folders):
            launches[name] = Kernel(folder).prepare(x, f, y)
            launches[name]()
            torch.cuda.synchronize()
            if not torch.allclose(y.float(), want, rtol=4e-3, atol=4e-3 * math.sqrt(c * r * s)):
                raise RuntimeError(f"{name} {n, h, w, c, k, r, s}: off by {(y.float() - want).abs().max().item()}")
            y.fill_(float("nan"))
        times = {name: [] for name in launches}
        for launch in launches.values():
            turn(launch, flush)
        for _ in range(given.rounds):
            for name, launch in launches.items():
                times[name].append(turn(launch, flush))
        rate = lambda name: 2e-9 * n * p * q * k * c * r * s / statistics.median(times[name])
        cells = [f"{n} x {h} x {w} x {c}, {k} x {r} x {s}", f"{rate('cudnn'):.0f}"]
        for name in names:
            ratio = statistics.median(own / other for own, other in zip(times["cudnn"], times[name]))
            ratios[name].append(ratio)
            cells += [f"{rate(name):.0f}", f"{ratio:.3f}"]
        print("| " + " | ".join(cells) + " |", flush=True)
    for name in names:
        mean = math.exp(statistics.fmean(map(math.log, ratios[name])))
        print(f"{name}: geometric mean {mean:.3f}, least {min(ratios[name]):.3f}")


if __name__ == "__main__":
    sys.exit(main())
