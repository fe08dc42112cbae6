# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels that `kcc inspect --extract` wrote as files, launched with torch's arrays on an NVIDIA GPU.

    launch = Kernel(folder).prepare(a, b, c)     # arguments in the order of the kernel's parameters
    launch()                                     # on torch's current stream

Needs torch and cuda-python. Images are chosen and launched as their manifests say (docs/manifest.md), as kcc's own
launchers do it; tensor maps are encoded once for each prepared launch.
"""
import ctypes
import json
import os
import re

import torch
from cuda.bindings import driver

BYTES = {"bool": 1, "i8": 1, "u8": 1, "f8e4m3": 1, "f8e5m2": 1, "i16": 2, "u16": 2, "f16": 2, "bf16": 2, "i32": 4, "u32": 4,
         "f32": 4, "i64": 8, "u64": 8, "f64": 8}
SCALARS = {"bool": ctypes.c_bool, "i8": ctypes.c_int8, "u8": ctypes.c_uint8, "i16": ctypes.c_int16, "u16": ctypes.c_uint16,
           "i32": ctypes.c_int32, "u32": ctypes.c_uint32, "i64": ctypes.c_int64, "u64": ctypes.c_uint64,
           "f32": ctypes.c_float, "f64": ctypes.c_double}
MAP_TYPES = {"bool": "UINT8", "i8": "UINT8", "u8": "UINT8", "f8e4m3": "UINT8", "f8e5m2": "UINT8", "i16": "UINT16",
             "u16": "UINT16", "f16": "FLOAT16", "bf16": "BFLOAT16", "i32": "INT32", "u32": "UINT32", "f32": "FLOAT32",
             "i64": "INT64", "u64": "UINT64", "f64": "FLOAT64"}
MAP_STEP = 16  # bytes, of addresses and strides


def checked(result):
    if int(result[0]) != 0:
        raise RuntimeError(str(result[0]))
    return result[1] if len(result) == 2 else result[1:]


class Integer(int):
    """`a @ b` divides and rounds up, and binds as strongly as other divisions."""

    def __matmul__(self, other):
        return Integer(-(-int(self) // int(other)))

    def __rmatmul__(self, other):
        return Integer(-(-int(other) // int(self)))


def value(text, sizes):
    """The value of an integer expression or condition of a manifest; its words are MLIR's."""
    words = {"floordiv": "//", "mod": "%", "ceildiv": "@"}
    spelled = re.sub(r"\b(floordiv|mod|ceildiv)\b(?!\()", lambda word: words[word.group()], text)
    numbered = re.sub(r"\b\d+\b", lambda number: f"Integer({number.group()})", spelled)
    names = {name: Integer(size) for name, size in sizes.items()}
    names |= {"Integer": Integer, "ceildiv": lambda a, b: Integer(a) @ b, "min": min, "max": max}
    return eval(numbered, {"__builtins__": {}}, names)


class Kernel:
    """The images of one kernel for one chip: the files in a folder, of those with NAME where there are several."""

    def __init__(self, folder, name=None):
        self.images = []
        with open(os.path.join(folder, "images.txt")) as file:
            cubins = file.read().split()
        for cubin in cubins:
            path = os.path.join(folder, cubin)
            with open(path[:-len("cubin")] + "json") as file:
                manifest = json.load(file)
            if name is None or manifest["kernel"] == name:
                self.images.append(Image(manifest, path))

    def prepare(self, *values):
        """What launches the first image that takes these arguments."""
        refused = []
        for image in self.images:
            given = dict(zip((p["name"] for p in image.manifest["parameters"]), values, strict=True))
            reason = image.refuses(given)
            if reason is None:
                return image.launcher(given)
            refused.append(reason)
        raise RuntimeError("no image takes these arguments: " + "; ".join(refused))


class Image:
    def __init__(self, manifest, cubin):
        self.manifest = manifest
        self.parameters = {parameter["name"]: parameter for parameter in manifest["parameters"]}
        with open(cubin, "rb") as file:
            module = checked(driver.cuModuleLoadData(file.read()))
        self.function = checked(driver.cuModuleGetFunction(module, manifest["symbol"].encode()))
        self.shared = manifest["sharedMemory"]["dynamic"]
        if self.shared:
            attribute = driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
            checked(driver.cuFuncSetAttribute(self.function, attribute, self.shared) + (None,))

    def sizes(self, given):
        sizes = {}
        for name, parameter in self.parameters.items():
            if parameter["kind"] == "scalar" and not parameter["type"].startswith(("f", "b")):
                sizes[name] = given[name]
            for size, extent in zip(parameter.get("shape", ()), getattr(given[name], "shape", ())):
                if not size.isdigit():
                    sizes[size] = int(extent)
        return sizes

    def refuses(self, given):
        """Why this image does not take these arguments, or None."""
        for name, parameter in self.parameters.items():
            if parameter["kind"] == "scalar":
                continue
            array = given[name]
            if array.element_size() != BYTES[parameter["type"]] or not array.is_contiguous():
                return f"{name} is no dense array of {parameter['type']}"
            if array.data_ptr() % parameter.get("alignment", 1):
                return f"{name} is not aligned to {parameter['alignment']} bytes"
        for entry in self.manifest["tensorMaps"]:
            array = given[entry["of"]]
            if array.data_ptr() % MAP_STEP or min(array.shape) < 1:
                return f"{entry['of']} has no tensor map"
        sizes = self.sizes(given)
        for condition in self.manifest["requires"]:
            if not value(condition, sizes):
                return f"{condition} does not hold"
        return None

    def blocks(self, sizes):
        """The blocks to launch along x, y and z."""
        grid = ([int(value(extent, sizes)) for extent in self.manifest["grid"]] + [1, 1])[:3]
        if "persistent" not in self.manifest:
            return grid
        cluster = self.manifest["cluster"][0]
        multiprocessors = torch.cuda.get_device_properties(torch.cuda.current_device()).multi_processor_count
        clusters = max(self.manifest["persistent"] * multiprocessors // cluster, 1)
        return [min(grid[0] * grid[1] * grid[2], clusters * cluster), 1, 1]

    def tensor_map(self, entry, array):
        shape = list(array.shape)
        strides = [array.element_size()]
        for extent in reversed(shape[1:]):
            strides.append(strides[-1] * extent)
        swizzle, promotion = entry["swizzle"], entry["promotion"]
        # In a map that rounds, f32 are taken for tf32.
        kind = "TFLOAT32" if "rounds" in entry else MAP_TYPES[self.parameters[entry["of"]]["type"]]
        return checked(driver.cuTensorMapEncodeTiled(
            getattr(driver.CUtensorMapDataType, "CU_TENSOR_MAP_DATA_TYPE_" + kind),
            len(shape),
            array.data_ptr(),
            [driver.cuuint64_t(extent) for extent in reversed(shape)],
            [driver.cuuint64_t(stride) for stride in strides[1:]],
            [driver.cuuint32_t(extent) for extent in reversed(entry["box"])],
            [driver.cuuint32_t(1) for _ in shape],
            driver.CUtensorMapInterleave.CU_TENSOR_MAP_INTERLEAVE_NONE,
            getattr(driver.CUtensorMapSwizzle, f"CU_TENSOR_MAP_SWIZZLE_{swizzle}B" if swizzle else "CU_TENSOR_MAP_SWIZZLE_NONE"),
            getattr(driver.CUtensorMapL2promotion,
                    f"CU_TENSOR_MAP_L2_PROMOTION_L2_{promotion}B" if promotion else "CU_TENSOR_MAP_L2_PROMOTION_NONE"),
            driver.CUtensorMapFloatOOBfill.CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE))

    def argument(self, argument, given, sizes):
        """A machine argument as an object in memory and the address of its bytes."""
        kind, of = argument["kind"], argument.get("of")
        if kind == "tensorMap":
            entry = self.manifest["tensorMaps"][argument["index"]]
            encoded = self.tensor_map(entry, given[entry["of"]])
            return encoded, int(encoded.getPtr())
        if kind == "pointer":
            number = ctypes.c_void_p(given[of].data_ptr())
        elif kind == "size":
            number = SCALARS[argument["type"]](sizes[of])
        elif kind == "stride":
            number = SCALARS[argument["type"]](given[of].stride(argument["axis"]))
        elif kind == "scalar":
            number = SCALARS[argument["type"]](given[of])
        else:
            raise RuntimeError(f"arguments of kind {kind} are not used here")
        return number, ctypes.addressof(number)

    def launcher(self, given):
        sizes = self.sizes(given)
        blocks, threads = self.blocks(sizes), self.manifest["block"]
        if 0 in blocks:
            return lambda: None
        arguments = [self.argument(argument, given, sizes) for argument in self.manifest["arguments"]]
        return Launch(self.function, (*blocks, *threads, self.shared), arguments, given)


class Launch:
    """A launch whose arguments lie ready; keeps alive what their addresses point to."""

    def __init__(self, function, extents, arguments, arrays):
        self.function, self.extents, self.arguments, self.arrays = function, extents, arguments, arrays
        self.addresses = (ctypes.c_void_p * len(arguments))(*(address for _, address in arguments))

    def __call__(self):
        stream = torch.cuda.current_stream().cuda_stream
        result = driver.cuLaunchKernel(self.function, *self.extents, stream, ctypes.addressof(self.addresses), 0)
        if int(result[0]) != 0:
            raise RuntimeError(str(result[0]))
