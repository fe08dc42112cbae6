# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times examples beside torch, torch.compile and a device copy, in one process on an NVIDIA GPU.

On the machine that compiles:

    tools/bench/extract.sh DIR          # compiles for h100; images, manifests and the programs into DIR

On the machine with the GPU (needs torch and cuda-python):

    python3 DIR/examples_beside_torch.py

Every kernel is checked against torch in f64 first, with its output poisoned. Times are medians of 9 rounds in which all
contestants take turns, 20 launches each, over 3 rotating sets of arrays larger than the L2 cache. The copy moves as many
bytes as the kernel.
"""
import os
import statistics
import sys

import torch
from extracted_kernels import Kernel

HERE = os.path.dirname(os.path.abspath(__file__))


def milliseconds(run, launches=20):
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    begin.record()
    for i in range(launches):
        run(i % 3)
    end.record()
    end.synchronize()
    return begin.elapsed_time(end) / launches


def take_turns(contestants, rounds=9):
    times = {name: [] for name in contestants}
    for run in contestants.values():
        milliseconds(run, 3)
    for _ in range(rounds):
        for name, run in contestants.items():
            times[name].append(milliseconds(run))
    return {name: statistics.median(all_) for name, all_ in times.items()}


def error(got, want):
    return ((got.double() - want).norm() / want.norm()).item()


def streaming(title, folder, inputs, output, function, bound=5e-3):
    """Times a kernel that reads `inputs` (a list of arrays) and writes `output`, beside a torch function of the inputs."""
    sets = [[x.clone() for x in inputs] for _ in range(3)]
    outputs = [torch.empty_like(output) for _ in range(3)]
    kernel = Kernel(os.path.join(HERE, folder))
    launches = [kernel.prepare(*xs, y) for xs, y in zip(sets, outputs)]
    outputs[0].fill_(float("nan"))
    launches[0]()
    off = error(outputs[0], function(*[x.double() if x.is_floating_point() else x for x in inputs]))
    if not off < bound or torch.isnan(outputs[0]).any():
        raise RuntimeError(f"{title}: the result is off by {off}")
    amount = sum(x.numel() * x.element_size() for x in inputs) + output.numel() * output.element_size()
    source = torch.empty(amount // 2, dtype=torch.uint8, device="cuda")
    targets = [torch.empty_like(source) for _ in range(3)]
    compiled = torch.compile(function)
    times = take_turns({
        "copy": lambda i: targets[i].copy_(source),
        "torch": lambda i: function(*sets[i]),
        "compile": lambda i: compiled(*sets[i]),
        "kcc": lambda i: launches[i](),
    })
    rates = {name: amount / time / 1e6 for name, time in times.items()}
    best = max(rates["torch"], rates["compile"])
    print(f"| {title} | {rates['copy']:.0f} | {rates['torch']:.0f} | {rates['compile']:.0f} | {rates['kcc']:.0f} "
          f"| {rates['kcc'] / best:.2f} |", flush=True)
    return rates["kcc"] / best


def random(*shape, kind=torch.bfloat16):
    return torch.randn(*shape, device="cuda").to(kind)


def rotate(x, cos, sin):
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    c, s = cos[:, None, :], sin[:, None, :]
    return torch.cat((a * c - b * s, b * c + a * s), -1).to(x.dtype)


def main():
    torch.zeros(1, device="cuda")
    functional = torch.nn.functional
    print("| GB/s | copy | torch | torch.compile | kcc | kcc / best of torch |\n|---|---|---|---|---|---|", flush=True)
    ratios = []
    for rows, columns in ((65536, 1024), (32768, 4096), (16384, 8192), (8192, 32768)):
        x, w, b = random(rows, columns), random(columns), random(columns)
        size = f"{rows} x {columns}"
        norms = {
            "softmax": ([x], lambda x: torch.softmax(x, 1)),
            "rms_norm": ([x, w], lambda x, w: functional.rms_norm(x, x.shape[-1:], w, 1e-6)),
            "layer_norm": ([x, w, b], lambda x, w, b: functional.layer_norm(x, x.shape[-1:], w, b)),
            "cumsum": ([x], lambda x: torch.cumsum(x, 1)),
        }
        for name, (inputs, function) in norms.items():
            ratios.append(streaming(f"{name} {size}", f"{name}{columns}", inputs, x, function))
    n = 1 << 26
    x, y = random(n, kind=torch.float32), random(n, kind=torch.float32)
    ratios.append(streaming("vector_add, f32", "vector_add", [x, y], x, lambda x, y: x + y, 1e-6))
    x, y = random(1 << 27), random(1 << 27)
    ratios.append(streaming("swiglu", "swiglu", [x, y], x, lambda x, y: functional.silu(x) * y))
    x, angles = random(4, 8192, 32, 128), random(8192, 64, kind=torch.float32)
    ratios.append(streaming("rope 4 x 8192 x 32 x 128", "rope", [x, angles.cos(), angles.sin()], x, rotate))
    x, labels = random(4096, 128256), torch.randint(128256, (4096,), device="cuda")
    ratios.append(streaming("cross entropy, 128256 classes", "cross_entropy", [x, labels],
                            torch.empty(4096, device="cuda"),
                            lambda x, labels: functional.cross_entropy(x, labels, reduction="none")))
    x = random(8192, 8192)
    ratios.append(streaming("transpose 8192 x 8192", "transpose", [x], torch.empty_like(x), lambda x: x.T.contiguous()))
    print(f"geometric mean of kcc over the best of torch: {statistics.geometric_mean(ratios):.2f}")


if __name__ == "__main__":
    sys.exit(main())
