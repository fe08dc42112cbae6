#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Fetches NVIDIA's libnvJitLink into kcc's cache, for machines without a CUDA toolkit: it contains the assembler that
# turns PTX into a cubin. 380 MB are downloaded, 95 MB are kept. Called by the first compile for an NVIDIA chip.
#
#   fetch-nvjitlink.sh              fetch it when the cache has none
#   fetch-nvjitlink.sh --if-needed  only when there is no ptxas either
#
# KCC_CACHE    cache folder; default ${XDG_CACHE_HOME:-$HOME/.cache}/kcc
# KCC_OFFLINE  1: never download
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/tools/launch/common.sh"

version=13.1-9.19-1.5.13
plugin=org.apache.maven.plugins:maven-dependency-plugin:3.9.0
megabytes=380

if [[ "${1:-}" == --if-needed ]]; then
  if [[ -n "${KCC_NVJITLINK:-}" || -x "${CUDA_HOME:-}/bin/ptxas" || -x /usr/local/cuda/bin/ptxas ]] || command -v ptxas >/dev/null; then
    exit 0
  fi
fi

cache=$(kcc_cache "libnvJitLink")
library=$cache/cuda/libnvJitLink.so.13
[[ ! -e "$library" ]] || exit 0

[[ "${KCC_OFFLINE:-}" != 1 ]] || kcc_fail "libnvJitLink is not in $cache and KCC_OFFLINE forbids to fetch it"
command -v mvn >/dev/null || kcc_fail "Maven is missing, so libnvJitLink cannot be fetched"
kcc_make_cache "$cache"
jdk=$(kcc_require_jdk)

# Another kcc may be doing the same: wait for it, then use its library.
exec 9>"$cache/nvjitlink.lock"
if ! flock -n 9; then
  printf 'kcc: waiting for another kcc that is fetching libnvJitLink\n' >&2
  flock 9
fi
[[ ! -e "$library" ]] || exit 0

free=$(df -Pm "$cache" | awk 'NR == 2 { print $4 }')
((free >= 2 * megabytes)) || kcc_fail "$cache has $free MB free, fetching libnvJitLink needs $((2 * megabytes)) MB" \
  "help: set KCC_CACHE to a folder on a larger disk"

# What an interrupted run left; nobody else can be using it, we hold the lock.
rm -rf "$cache"/nvjitlink.?*.tmp
work=$(mktemp -d "$cache/nvjitlink.XXXXXX.tmp")
fetching=''
trap '[[ -z "$fetching" ]] || kill "$fetching" 2>/dev/null; rm -rf "$work"' EXIT

printf 'kcc: there is no ptxas on this machine; fetching libnvJitLink instead (%d MB, once)\n' "$megabytes" >&2
# A repository of its own, so that the archive does not stay. From its own folder: no project's settings apply.
(cd "$work" && exec mvn -B -ntp -Dstyle.color=never -Dmaven.repo.local="$work/repository" "$plugin:copy" \
  -Dartifact="org.bytedeco:cuda-redist:$version:jar:linux-x86_64" -DoutputDirectory="$work") >"$work/log" 2>&1 9>&- &
fetching=$!
shown=0
while kill -0 "$fetching" 2>/dev/null; do
  sleep 1
  read -r now _ < <(du -sm "$work" 2>/dev/null) || now=0
  if ((now >= shown + 50 && now < megabytes)); then
    printf 'kcc: %d of %d MB\n' "$now" "$megabytes" >&2
    shown=$now
  fi
done
status=0
wait "$fetching" || status=$?
fetching=''
if ((status != 0)); then
  reason=$(sed -n 's/^\[ERROR\] //p' "$work/log" | sed -E 's#https?://[^ /]+#the repository#g; s# -> \[Help 1\].*##' | head -n 1)
  kcc_fail "libnvJitLink could not be fetched: ${reason:-Maven ended with exit code $status}"
fi
(cd "$work" && "$jdk/bin/jar" xf ./cuda-redist-*.jar org/bytedeco/cuda/linux-x86_64/libnvJitLink.so.13)
mkdir -p "$cache/cuda"
# One rename, so that a compile never sees half a library.
mv -f "$work/org/bytedeco/cuda/linux-x86_64/libnvJitLink.so.13" "$library"
printf 'kcc: %s is ready\n' "$library" >&2
