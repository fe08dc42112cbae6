# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""launch.py FOLDER: launches the kernel there with arrays of several shapes."""
import sys

from extracted_kernels import Kernel
from torch import Array

kernel = Kernel(sys.argv[1])


def launch(rows, columns, address=0x7f0000000010):
    print("shape", rows, columns)
    try:
        kernel.prepare(Array(address, 2, rows, columns), Array(0x7f0000100000, 4, rows))()
    except RuntimeError as refused:
        print("refused:", refused)


launch(200, 72)
launch(1 << 20, 72)
launch(0, 72)
launch(200, 76)
launch(200, 72, 0x7f0000000008)
launch(200, 0)
