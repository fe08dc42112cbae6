# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""lit's configuration: kcc and kcc-opt of this build, FileCheck and its like from the LLVM they were built with."""

import os
import re
import shutil
import sys

import lit.formats

tests = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(tests)
llvm = os.path.realpath(os.path.join(root, "mlir-bridge", "target", "native", "llvm"))

config.name = "kcc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".py", ".test"]
config.excludes = ["Inputs", "lit.cfg.py", "target"]
config.test_source_root = tests
config.test_exec_root = os.path.join(tests, "target", "lit")

for tool in ("FileCheck", "not", "split-file"):
    if not os.access(os.path.join(llvm, "bin", tool), os.X_OK):
        lit_config.fatal(f"{tool} is missing in {llvm}/bin; build mlir-bridge first")

config.environment["PATH"] = os.pathsep.join([os.path.join(llvm, "bin"), os.environ.get("PATH", "")])
# Everything was built before the tests began; a check in each of hundreds of calls would only cost time.
config.environment["KCC_NO_BUILD"] = "1"
# Messages must not depend on the machine's language, and diagnostics not on a terminal.
config.environment["LC_ALL"] = "C.UTF-8"
for name in ("HOME", "KCC_LLVM_HOME", "KCC_CACHE", "XDG_CACHE_HOME", "CUDA_HOME", "JAVA_HOME"):
    if name in os.environ:
        config.environment[name] = os.environ[name]


def command(name):
    """A pattern for the tool as a word of its own: not inside of kcc.load, --kcc-opt-flag or out.kcc."""
    return r"(?<![\w./%=-])" + re.escape(name) + r"(?![\w./=-])"


config.substitutions.append((command("kcc-opt"), os.path.join(root, "kcc-opt")))
config.substitutions.append((command("kcc"), os.path.join(root, "kcc")))
config.substitutions.append(("%kcc-opt", os.path.join(root, "kcc-opt")))
config.substitutions.append(("%kcc", os.path.join(root, "kcc")))
config.substitutions.append(("%fetch-nvjitlink", os.path.join(root, "tools", "launch", "fetch-nvjitlink.sh")))
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%examples", os.path.join(root, "examples")))

cuda = os.environ.get("CUDA_HOME", "/usr/local/cuda")


def has(tool):
    return bool(shutil.which(tool)) or os.access(os.path.join(cuda, "bin", tool), os.X_OK)


for tool in ("ptxas", "nvdisasm", "cuobjdump"):
    if has(tool):
        config.available_features.add(tool)
if os.geteuid() == 0:
    config.available_features.add("root")
