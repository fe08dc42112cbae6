# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""As much of cuda-python as launching takes: prints what it is asked for. Numbers are those of cuda.h."""
import ctypes
from types import SimpleNamespace

CUtensorMapDataType = SimpleNamespace(CU_TENSOR_MAP_DATA_TYPE_BFLOAT16=9)
CUtensorMapInterleave = SimpleNamespace(CU_TENSOR_MAP_INTERLEAVE_NONE=0)
CUtensorMapSwizzle = SimpleNamespace(CU_TENSOR_MAP_SWIZZLE_128B=3)
CUtensorMapL2promotion = SimpleNamespace(CU_TENSOR_MAP_L2_PROMOTION_L2_128B=2)
CUtensorMapFloatOOBfill = SimpleNamespace(CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE=0)


def cuuint64_t(number):
    return ("u64", number)


def cuuint32_t(number):
    return ("u32", number)


def cuModuleLoadData(image):
    return 0, ("module", image[:4])


def cuModuleGetFunction(module, name):
    print("function", name.decode(), "of", module[1])
    return 0, name


class TensorMap:
    def __init__(self):
        self.bytes = ctypes.create_string_buffer(b"\x5a" * 128, 128)

    def getPtr(self):
        return ctypes.addressof(self.bytes)


def cuTensorMapEncodeTiled(data_type, rank, address, dim, strides, box, steps, interleave, swizzle, promotion, fill):
    print("encode type", data_type, "rank", rank, "address", hex(address))
    for name, numbers in (("dim", dim), ("strides", strides), ("box", box), ("steps", steps)):
        print(" ", name, *(f"{number}:{kind}" for kind, number in numbers))
    print("  interleave", interleave, "swizzle", swizzle, "promotion", promotion, "fill", fill)
    return 0, TensorMap()


def cuLaunchKernel(function, gx, gy, gz, bx, by, bz, shared, stream, arguments, extra):
    print("launch", function.decode(), "blocks", gx, gy, gz, "threads", bx, by, bz, "shared", shared, "stream", stream)
    addresses = ctypes.cast(arguments, ctypes.POINTER(ctypes.c_void_p))
    print("  numbers", *(hex(ctypes.c_uint64.from_address(addresses[i]).value) for i in range(4)))
    print("  map", ctypes.string_at(addresses[4], 128) == b"\x5a" * 128)
    return (0,)
