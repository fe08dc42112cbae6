#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Builds one tool (the name of its folder below tools/) and what it needs, with progress on the terminal.
# Called by kcc and kcc-opt when there is no build or sources are newer than it.
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tool=$1
source "$root/tools/launch/common.sh"

target=$root/tools/$tool/target
mkdir -p "$target" "$root/target" 2>/dev/null && [[ -w "$target" && -w "$root/target" ]] || kcc_fail \
  "$tool has to be built, but $(id -un) cannot write to $target" \
  "help: run $root/$tool once as the owner of that folder, or copy the repository to a place of your own"

# Two first calls at the same time: the second waits, then finds the work done.
exec 9>"$root/target/kcc-build.lock"
if ! flock -n 9; then
  printf 'kcc: waiting for another build of this repository\n' >&2
  flock 9
  if "$root/tools/launch/is-fresh.sh" "$tool"; then exit 0; fi
fi

kcc_require_jdk >/dev/null
command -v mvn >/dev/null || kcc_fail "Maven is missing, so $tool cannot be built" \
  "help: install Maven 3.8 or newer (Debian: apt-get install maven)"

log=$target/build.log
printf 'kcc: building %s; the log is %s\n' "$tool" "$log" >&2
started=$SECONDS

# Every module is announced as `Building NAME [n/m]`; that is progress enough, the rest goes to the log.
show_progress() {
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    if [[ "$line" =~ Building\ (kcc\ ::\ )?(.*[^\ ])\ +[0-9][^\ ]*\ +\[([0-9]+)/([0-9]+)\] ]]; then
      printf 'kcc: [%s/%s] %s (%d s)\n' "${BASH_REMATCH[3]}" "${BASH_REMATCH[4]}" "${BASH_REMATCH[2]}" $((SECONDS - started)) >&2
    elif [[ "$line" == kcc:* ]]; then
      printf '%s\n' "$line" >&2 # a step of our own that takes long, such as fetching LLVM
    fi
  done
}

: >"$log"
touch "$target/build-started"
export KCC_PROGRESS=1
set +e
(cd "$root" && mvn -B -ntp -Dstyle.color=never -Dmaven.test.skip=true -pl "tools/$tool" -am package 2>&1) 9>&- | show_progress
status=${PIPESTATUS[0]}
set -e
if ((status != 0)); then
  printf 'kcc: error: the build failed; the last messages, all are in %s:\n' "$log" >&2
  if grep -q '^kcc: error:' "$log"; then
    sed -n '/^kcc: error:/,/^\[/{/^\[/!p}' "$log" >&2
  else
    grep -E '^\[(ERROR|FATAL)\] .' "$log" | grep -vE 'To see the full stack trace|Re-run Maven|For more information|\[Help 1\] http|After correcting|mvn <args>' | head -n 12 >&2 || tail -n 12 "$log" >&2
  fi
  if grep -qE 'UnknownHostException|Could not transfer|Connection refused|offline mode' "$log"; then
    printf '  help: the build fetches libraries the first time: check the network and the proxy settings of Maven\n' >&2
  fi
  exit 2
fi
# What was changed while the build ran is newer than the build.
touch -r "$target/build-started" "$target/dist/launch.env"
printf 'kcc: built in %d s\n' $((SECONDS - started)) >&2
