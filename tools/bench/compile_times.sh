#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# compile_times.sh [CHIP [RUNS [FILE...]]]: how long `kcc compile` takes for each kernel of the examples and one chip, as a
# process of its own: the shortest of RUNS in seconds, and the shortest processor time, which other work on the machine
# changes less. Files with a constant T are compiled for bf16. The last line has the geometric means.
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
chip=${1:-h100}
runs=${2:-5}
files=("${@:3}")
((${#files[@]})) || files=("$root"/examples/*.py)

output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$root/kcc" version >/dev/null # builds it if it has to be
export KCC_NO_BUILD=1
TIMEFORMAT='%R %U %S'

# One compile; what the shell's `time` says.
seconds() {
  { time "$root/kcc" compile "$@" --target "$chip" -o "$output" >/dev/null 2>&1; } 2>&1
}

for file in "${files[@]}"; do
  defines=()
  ! grep -q '^T = ' "$file" || defines=(-D T=bf16)
  while IFS= read -r kernel; do
    for ((run = 0; run < runs; run++)); do
      seconds "$file" --kernel "$kernel" ${defines[@]+"${defines[@]}"}
    done | awk -v name="$(basename "$file" .py) $kernel" '
      { cpu = $2 + $3
        if (NR == 1 || $1 < least) least = $1
        if (NR == 1 || cpu < leastCpu) leastCpu = cpu }
      END { printf "%-46s %6.2f %6.2f\n", name, least, leastCpu }'
  done < <(awk '/^@kernel/ { wanted = 1 } wanted && /^def / { sub(/^def /, ""); sub(/\(.*/, ""); print; wanted = 0 }' "$file")
done | awk '
  { print; elapsed += log($3); cpu += log($4); kernels++ }
  END { printf "%d kernels, geometric mean                      %6.2f %6.2f\n", kernels, exp(elapsed / kernels), exp(cpu / kernels) }'
