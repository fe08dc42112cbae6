# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""As much of torch as launching takes: dense arrays that are only addresses and shapes, on a device of 132 multiprocessors."""
import math
from types import SimpleNamespace

cuda = SimpleNamespace(
    current_stream=lambda: SimpleNamespace(cuda_stream=7),
    current_device=lambda: 0,
    get_device_properties=lambda device: SimpleNamespace(multi_processor_count=132),
)


class Array:
    def __init__(self, address, element_bytes, *shape):
        self.address, self.element_bytes, self.shape = address, element_bytes, shape

    def data_ptr(self):
        return self.address

    def element_size(self):
        return self.element_bytes

    def is_contiguous(self):
        return True

    def stride(self, axis):
        return math.prod(self.shape[axis + 1:])
