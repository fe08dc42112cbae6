#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs the self-tests of this bundle on the GPU of this machine and writes one report.
#   run [REPORT.json]
set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
report=${1:-report.json}

# Only the driver of this machine is needed; where it is not on the loader's path, it is in one of these folders.
places=''
for folder in /usr/local/nvidia/lib64 /usr/local/nvidia/lib /usr/lib/x86_64-linux-gnu /usr/lib64 /usr/lib/wsl/lib; do
  if [[ -e "$folder/libcuda.so.1" ]]; then places+=${places:+:}$folder; fi
done
if [[ -n "$places" ]]; then export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$places"; fi

# JavaCPP unpacks its libraries before it loads them.
cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT

class_path=''
for jar in "$here"/lib/*.jar; do class_path+=${class_path:+:}$jar; done
"$here/jre/bin/java" --enable-native-access=ALL-UNNAMED -XX:MaxDirectMemorySize=1t -Dorg.bytedeco.javacpp.noPointerGC=true \
  -Dorg.bytedeco.javacpp.cachedir="$cache" -cp "$class_path" kcc.launcher.selftest.SelfTest "$here" "$report"
