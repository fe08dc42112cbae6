# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times a layer with bias and activation beside the product alone, of kcc and of cuBLAS, in turns in one process.

    fused_layer.py FOLDER       # what extract.sh wrote: FOLDER/linear and FOLDER/product

8192 x 28672 x 4096 in bf16, weights row by row of outputs. The figures are medians of 12 launches each, and the median of
the ratios of neighbouring launches.
"""
import os
import statistics
import sys

import torch

from extracted_kernels import Kernel

M, N, K = 8192, 28672, 4096
LAUNCHES = 12


def time(launch):
    begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    begin.record()
    launch()
    end.record()
    torch.cuda.synchronize()
    return begin.elapsed_time(end)


def main():
    folder = sys.argv[1]
    x, w, b = (torch.randn(*shape, device="cuda").bfloat16() for shape in ((M, K), (N, K), (N,)))
    w /= K ** 0.5
    y = torch.full((M, N), float("nan"), device="cuda").bfloat16()
    layer = Kernel(os.path.join(folder, "linear")).prepare(x, w, b, y)
    layer()
    z = torch.nn.functional.linear(x[:256].float(), w.float(), b.float())
    want = z * torch.sigmoid(1.702 * z)
    off = (torch.linalg.norm(y[:256].float() - want) / torch.linalg.norm(want)).item()
    if not off < 8e-3:
        raise RuntimeError(f"the layer is off by {off}")
    launches = {
        "layer": layer,
        "product": Kernel(os.path.join(folder, "product")).prepare(x, w, y),
        "cublas": lambda: torch.matmul(x, w.T, out=y),
    }
    times = {name: [] for name in launches}
    for _ in range(LAUNCHES + 2):
        for name, launch in launches.items():
            times[name].append(time(launch))
    for name, measured in times.items():
        median = statistics.median(measured[2:])
        ratio = statistics.median(a / b for a, b in zip(measured[2:], times["product"][2:]))
        print(f"{name}: {median:.3f} ms, {2e-9 * M * N * K / median:.0f} TFLOP/s, {ratio:.3f} of the product")


if __name__ == "__main__":
    sys.exit(main())
