#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Compiles what examples_beside_torch.py and gemm_beside_cublas.py time and extracts images and manifests: extract.sh DIR
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=${1:?usage: extract.sh DIR}
fat=$(mktemp --suffix=.kcc)
trap 'rm -f "$fat"' EXIT

# images FOLDER EXAMPLE OPTIONS...
images() {
  local folder=$1 example=$2
  shift 2
  "$root/kcc" compile "$root/examples/$example.py" "$@" --target h100 -o "$fat"
  "$root/kcc" inspect "$fat" --extract "$out/$folder"
}

for columns in 1024 4096 8192 32768; do
  for example in softmax rms_norm layer_norm cumsum; do
    images "$example$columns" "$example" -D T=bf16 -D BN="$columns"
  done
done
for example in transpose swiglu rope cross_entropy; do images "$example" "$example" -D T=bf16; done
images vector_add vector_add
images f16 matmul
images bf16 matmul -D T=bf16
images linear linear
# The layer without what is fused into it.
product=$(mktemp --suffix=.py)
trap 'rm -f "$fat" "$product"' EXIT
sed -e 's/B: Tensor\[N, T\], //' -e 's/y = acc + .*/y = acc/' -e 's/(y \* sigmoid(1.702 \* y))/y/' "$root/examples/linear.py" > "$product"
"$root/kcc" compile "$product" --target h100 -o "$fat"
"$root/kcc" inspect "$fat" --extract "$out/product"
cp "$root"/tools/bench/{examples_beside_torch,gemm_beside_cublas,gemm_stress,fused_layer,extracted_kernels}.py "$out"
