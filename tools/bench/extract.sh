#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Compiles what the scripts beside it time and stress and extracts images and manifests: extract.sh DIR
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=${1:?usage: extract.sh DIR}
fat=$(mktemp --suffix=.kcc)
changed=$(mktemp --suffix=.py)
trap 'rm -f "$fat" "$changed"' EXIT

# images_of FOLDER FILE OPTIONS...
images_of() {
  local folder=$1 file=$2
  shift 2
  "$root/kcc" compile "$file" "$@" --target h100 -o "$fat"
  "$root/kcc" inspect "$fat" --extract "$out/$folder"
}

# images FOLDER EXAMPLE OPTIONS...
images() {
  images_of "$1" "$root/examples/$2.py" "${@:3}"
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
images conv2d conv2d
images linear linear
for type in e4m3:f8e4m3 e5m2:f8e5m2; do images "${type%:*}" scaled_matmul -D T="${type#*:}" -D U=f8e4m3; done
images tf32 scaled_matmul -D T=f32 -D O=f32
images blocks block_scaled_matmul
# The layer without what is fused into it.
sed -e 's/B: Tensor\[N, T\], //' -e 's/y = acc + .*/y = acc/' -e 's/(y \* sigmoid(1.702 \* y))/y/' "$root/examples/linear.py" > "$changed"
images_of product "$changed"
# 8-bit floats with sums as the matrix unit keeps them, and integers without scales, as the library has them.
sed -e 's/precision="tf32"/precision="fast"/' "$root/examples/scaled_matmul.py" > "$changed"
images_of e4m3-fast "$changed"
sed -e 's/def scaled_gemm/def gemm/' -e 's/Scale: Tensor\[2, f32\], //' -e 's/(acc.to(f32) \* .*)).to(O)/acc.to(O)/' \
  "$root/examples/scaled_matmul.py" > "$changed"
images_of int8 "$changed" -D T=i8 -D O=i32
cp "$root"/tools/bench/{examples_beside_torch,gemm_beside_cublas,gemm_stress,conv_beside_torch,fused_layer,extracted_kernels}.py "$out"
