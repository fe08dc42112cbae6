#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Fetches NVIDIA's libnvJitLink into kcc's cache, for machines without a CUDA toolkit: it contains the assembler that
# turns PTX into a cubin. 380 MB are downloaded, 95 MB are kept.
set -euo pipefail

version=13.1-9.19-1.5.13
cache=${KCC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kcc}
mkdir -p "$cache"
work=$(mktemp -d "$cache/nvjitlink-XXXXXX")
trap 'rm -rf "$work"' EXIT

printf 'kcc: fetching org.bytedeco:cuda-redist:%s (380 MB)\n' "$version" >&2
# A repository of its own, so that the archive does not stay.
if ! mvn -q -B -Dmaven.repo.local="$work/repository" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy \
  -Dartifact="org.bytedeco:cuda-redist:$version:jar:linux-x86_64" -DoutputDirectory="$work" >"$work/log" 2>&1; then
  grep -m 5 ERROR "$work/log" >&2 || cat "$work/log" >&2
  printf 'error: cannot fetch libnvJitLink; is there a network, or a proxy to set in settings.xml?\n' >&2
  exit 1
fi
(cd "$work" && jar xf ./cuda-redist-*.jar org/bytedeco/cuda/linux-x86_64/libnvJitLink.so.13)
mkdir -p "$cache/cuda"
# One rename, so that a compile never sees half a library.
mv -f "$work/org/bytedeco/cuda/linux-x86_64/libnvJitLink.so.13" "$cache/cuda/"
printf 'kcc: %s is ready\n' "$cache/cuda/libnvJitLink.so.13" >&2
