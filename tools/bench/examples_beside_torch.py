# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times some of the examples beside torch and a device copy, in one process on an NVIDIA GPU.

On the machine that compiles:

    tools/bench/extract.sh DIR          # compiles for h100 and extracts the images into DIR
    cp tools/bench/examples_beside_torch.py DIR

On the machine with the GPU (needs torch and cuda-python):

    python3 DIR/examples_beside_torch.py

Every kernel is checked against torch first, with its output poisoned. Times are medians of 9 rounds in which all
contestants take turns, 20 launches each, over 3 rotating pairs of buffers larger than the L2 cache.
"""
import ctypes
import os
import statistics

import torch
from cuda.bindings import driver

HERE = os.path.dirname(os.path.abspath(__file__))


def checked(result):
    if int(result[0]) != 0:
        raise RuntimeError(str(result[0]))
    return result[1] if len(result) == 2 else result[1:]


def load(folder, image, symbol):
    with open(os.path.join(HERE, folder, image + ".h100.cubin"), "rb") as file:
        return checked(driver.cuModuleGetFunction(checked(driver.cuModuleLoadData(file.read())), symbol.encode()))


def launch(function, grid, threads, *arguments):
    values = tuple(a.data_ptr() if isinstance(a, torch.Tensor) else a for a in arguments)
    types = tuple(ctypes.c_void_p if isinstance(a, torch.Tensor) else ctypes.c_int64 for a in arguments)
    stream = torch.cuda.current_stream().cuda_stream
    result = driver.cuLaunchKernel(function, *grid, threads, 1, 1, 0, stream, (values, types), 0)
    if int(result[0]) != 0:
        raise RuntimeError(str(result[0]))


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


def report(title, times, amounts, unit):
    shares = ", ".join(f"{name} {amounts[name] / times[name] / 1e6 / unit:.0f}" for name in times)
    print(f"{title:30s} {shares}", flush=True)


def error(got, want):
    return ((got.double() - want).norm() / want.norm()).item()


def buffers(*shape):
    return [torch.randn(*shape, device="cuda").bfloat16() for _ in range(3)]


def softmax():
    for columns, rows, threads in ((1024, 65536, 32), (4096, 32768, 256), (8192, 16384, 256)):
        x, y = buffers(rows, columns), [torch.empty(rows, columns, device="cuda").bfloat16() for _ in range(3)]
        contestants = {"copy": lambda i: y[i].copy_(x[i]), "torch": lambda i: torch.softmax(x[i], 1)}
        for variant in ("softmax-aligned", "softmax"):
            function = load(f"softmax{columns}", variant, "softmax")
            y[0].fill_(float("nan"))
            launch(function, (rows, 1, 1), threads, x[0], y[0], rows, columns)
            assert error(y[0], torch.softmax(x[0].double(), 1)) < 4e-3
            contestants[variant] = lambda i, f=function: launch(f, (rows, 1, 1), threads, x[i], y[i], rows, columns)
        times = take_turns(contestants)
        report(f"softmax {rows}x{columns}, GB/s", times, dict.fromkeys(times, 4 * rows * columns), 1)


def transpose(n=8192, tile=64):
    x, y = buffers(n, n), [torch.empty(n, n, device="cuda").bfloat16() for _ in range(3)]
    function = load("transpose", "transpose-aligned", "transpose")
    y[0].fill_(float("nan"))
    launch(function, (n // tile, n // tile, 1), 256, x[0], y[0], n, n)
    assert torch.equal(y[0], x[0].T)
    times = take_turns({
        "copy": lambda i: y[i].copy_(x[i]),
        "torch": lambda i: y[i].copy_(x[i].T),
        "transpose": lambda i: launch(function, (n // tile, n // tile, 1), 256, x[i], y[i], n, n),
    })
    report(f"transpose {n}x{n}, GB/s", times, dict.fromkeys(times, 4 * n * n), 1)


def vector_add(n=1 << 26):
    x, y = torch.randn(n, device="cuda"), torch.randn(n, device="cuda")
    z = torch.full_like(x, float("nan"))
    function = load("vector_add", "vector_add", "vector_add")
    launch(function, (-(-n // 1024), 1, 1), 128, x, y, z, n)
    assert torch.equal(z, x + y)
    times = take_turns({
        "copy": lambda i: z.copy_(x),
        "torch": lambda i: torch.add(x, y, out=z),
        "vector_add": lambda i: launch(function, (-(-n // 1024), 1, 1), 128, x, y, z, n),
    })
    report(f"vector_add {n}, GB/s", times, {"copy": 8 * n, "torch": 12 * n, "vector_add": 12 * n}, 1)


def matmul():
    for m, n, k in ((1024, 1024, 1024), (4096, 4096, 4096)):
        a, b = torch.randn(m, k, device="cuda").half(), torch.randn(k, n, device="cuda").half()
        c = torch.full((m, n), float("nan"), device="cuda").half()
        function = load("matmul", "gemm-aligned", "gemm")
        grid = (-(-m // 128), -(-n // 128), 1)
        launch(function, grid, 256, a, b, c, m, k, n)
        assert error(c, a.double() @ b.double()) < 1e-3
        times = take_turns({
            "cublas": lambda i: torch.matmul(a, b, out=c),
            "gemm": lambda i: launch(function, grid, 256, a, b, c, m, k, n),
        })
        report(f"matmul {m}x{n}x{k}, TFLOP/s", times, dict.fromkeys(times, 2 * m * n * k), 1000)


if __name__ == "__main__":
    torch.zeros(1, device="cuda")
    softmax()
    transpose()
    vector_add()
    matmul()
