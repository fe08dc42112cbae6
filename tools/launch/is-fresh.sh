#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Succeeds when the build of a tool is newer than every source it was made from. A removed file shows as a newer
# folder.
set -euo pipefail
root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/tools/launch/fresh.sh"
kcc_is_fresh "$root" "$1"
