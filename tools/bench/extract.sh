#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Compiles what examples_beside_torch.py times and extracts the images: extract.sh DIR
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=${1:?usage: extract.sh DIR}
fat=$(mktemp --suffix=.kcc)
trap 'rm -f "$fat"' EXIT

# image FOLDER EXAMPLE OPTIONS...
image() {
  local folder=$1 example=$2
  shift 2
  "$root/kcc" compile "$root/examples/$example.py" "$@" --target h100 -o "$fat"
  "$root/kcc" inspect "$fat" --extract "$out/$folder"
}

for columns in 1024 4096 8192; do image "softmax$columns" softmax -D T=bf16 -D BN="$columns"; done
image transpose transpose -D T=bf16
image vector_add vector_add
image matmul matmul -D BM=128 -D BN=128 -D BK=64
