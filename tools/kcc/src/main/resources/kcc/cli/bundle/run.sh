#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs what this bundle carries on the GPU of this machine and writes one report:
#   run [--tests] [--verify SHAPES [--seed S] [--case N]] [--bench] [--only REGEX] [--rounds N] [--flush-l2]
#     [--time-limit SECONDS] [--device cuda|cpu] [REPORT.json]
#   run --tune [--only REGEX] [--rounds N] [--flush-l2] [--time-limit SECONDS] [--device cuda|cpu] [RESULT.json]
# Without a part named, all of them. Exit code 0 when everything is right, 1 when not.
set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Only the driver of this machine is needed; where it is not on the loader's path, it is in one of these folders.
places=''
for folder in /usr/local/nvidia/lib64 /usr/local/nvidia/lib /usr/lib/x86_64-linux-gnu /usr/lib64 /usr/lib/wsl/lib; do
  if [[ -e "$folder/libcuda.so.1" ]]; then places+=${places:+:}$folder; fi
done
if [[ -n "$places" ]]; then export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$places"; fi

# Java and the launcher travel packed; JavaCPP unpacks its libraries before it loads them.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xzf "$here/runtime.tar.gz" -C "$work"
mkdir "$work/cache"

class_path=''
for jar in "$work"/lib/*.jar; do class_path+=${class_path:+:}$jar; done

resume=()
while true; do
  code=0
  "$work/jre/bin/java" --enable-native-access=ALL-UNNAMED -XX:MaxDirectMemorySize=1t -XX:+UseSerialGC -XX:-CreateCoredumpOnCrash \
    -XX:ErrorFile=/dev/null -Dorg.bytedeco.javacpp.noPointerGC=true -Dorg.bytedeco.javacpp.cachedir="$work/cache" \
    -cp "$class_path" kcc.launcher.bundle.BundleRun "$here" "$@" ${resume[@]+"${resume[@]}"} || code=$?
  # 75: a kernel failed so badly that nothing works in that process any more. 134, 139: it took the process with it.
  case $code in
    75 | 134 | 139) resume=(--resume) ;;
    *) exit "$code" ;;
  esac
done
