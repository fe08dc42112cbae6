#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs the lit tests; arguments are handed to lit, for example a folder or a file: lit-tests/run.sh lit-tests/tools
set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
llvm=$(readlink -f "$here/../mlir-bridge/target/native/llvm") || llvm=''
[[ -d "$llvm/utils/lit" || -x "$llvm/bin/lit" ]] || {
  printf 'error: no LLVM tools; build first: mvn package -DskipTests\n' >&2
  exit 2
}

# The machine's Python, else the one that came with LLVM.
python=''
for candidate in python3 "$llvm/../../bin/python3.11"; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[[ -n "$python" ]] || {
  printf 'error: lit needs Python 3.8 or newer\n' >&2
  exit 2
}

arguments=("$@")
paths=0
for argument in "$@"; do [[ ! -e "$argument" ]] || paths=1; done
((paths)) || arguments+=("$here")
# Debian's lit adds the folder of an installed LLVM to its path; ours may be elsewhere.
PYTHONPATH="$llvm/utils/lit${PYTHONPATH:+:$PYTHONPATH}" PYTHONDONTWRITEBYTECODE=1 \
  exec "$python" "$llvm/bin/lit" "${arguments[@]}"
