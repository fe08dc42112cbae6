#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# assemble.sh TOOL [JAR]: last step of the build of a tool, called by Maven with its jar. Gathers the jars, chooses the
# JVM and its options, makes the ahead-of-time cache by a training run, and writes target/dist/launch.env, which is
# also the stamp of the build.
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tool=$1
source "$root/tools/launch/common.sh"

dist=$root/tools/$tool/target/dist
case "$tool" in
  kcc) main=kcc.cli.Main training_main=kcc.cli.Training ;;
  kcc-opt) main=kcc.opt.Main training_main=$main ;;
  *) kcc_fail "there is no tool '$tool'" ;;
esac
jdk=$(kcc_require_jdk)

# A fresh copy of every jar, in the order of Maven's class path: the ahead-of-time cache only takes jars, notices when
# one changes, and the build of another module must not change them under a running tool.
if [[ -n "${2:-}" ]]; then
  rm -rf "$dist"
  mkdir -p "$dist/lib"
  jars=("$2")
  IFS=: read -r -a more <"$root/tools/$tool/target/class-path.txt" || true # no line end
  jars+=("${more[@]}")
  class_path=''
  for jar in "${jars[@]}"; do
    cp -p "$jar" "$dist/lib/"
    class_path+="${class_path:+:}$dist/lib/${jar##*/}"
  done
  printf '%s\n' "$class_path" >"$dist/class-path.txt"
else
  # The repository was moved: the jars are there, their paths changed.
  [[ -r "$dist/class-path.txt" ]] || kcc_fail "$dist has no build; delete $root/tools/$tool/target and call $root/$tool"
  class_path=''
  IFS=: read -r -a jars <"$dist/class-path.txt"
  for jar in "${jars[@]}"; do class_path+="${class_path:+:}$dist/lib/${jar##*/}"; done
fi

# Short runs: the first compiler tier is enough, later than by default and without inlining more than accessors (compiling
# bytecode took 30 % of a compile's time), and one collector thread starts fastest. Arrays of `kcc run` are
# direct memory, whose limit is otherwise that of the heap. Native access has to be granted alike when the cache is
# made and when it is used. Protobuf, which the solver is told its problems through, would warn of Unsafe.
options=(
  -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3 -XX:C1MaxInlineSize=6 -XX:+UseSerialGC -XX:-UsePerfData -Xlog:disable
  -Xms48m -Xmx1g -XX:MaxDirectMemorySize=1t
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dorg.bytedeco.javacpp.noPointerGC=true
  -Dkcc.root="$root" -Dkcc.native.dir="$root/mlir-bridge/target/native"
)

rm -f "$dist/launch.env" "$dist/$tool.aot"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

train() {
  case "$tool" in
    kcc)
      printf '%s\0' compile "$root/examples/softmax.py" --target h100,b200,mi300,mi355,cpu -o "$scratch/out.kcc" \
        --next schedule "$root/examples/matmul.py" --target h100 --html "$scratch/out.html" --json "$scratch/out.json"
      ;;
    kcc-opt)
      printf 'module { gpu.module @m { gpu.func @f() kernel { gpu.return } } }\n' >"$scratch/in.mlir"
      printf '%s\0' "$scratch/in.mlir" --pass-pipeline='builtin.module(canonicalize,cse)'
      ;;
  esac
}
training=()
while IFS= read -r -d '' argument; do training+=("$argument"); done < <(train)

# Without a cache everything works, only 0.3 s slower; so a training run without result is told, and no more. How
# the run ended does not matter: without ptxas it ends with an error, after having loaded what there is to load.
rm -f "$dist/$tool.aot"
KCC_OFFLINE=1 "$jdk/bin/java" "${options[@]}" -XX:AOTCacheOutput="$dist/$tool.aot" -cp "$class_path" "$training_main" "${training[@]}" \
  >"$dist/training.log" 2>&1 || true
if [[ -s "$dist/$tool.aot" ]]; then
  options+=(-XX:AOTCache="$dist/$tool.aot")
else
  printf 'kcc: note: no start-up cache for %s, its training run failed (%s)\n' "$tool" "$dist/training.log" >&2
fi

{
  printf 'kcc_root=%q\n' "$root"
  printf 'kcc_java=%q\n' "$jdk/bin/java"
  printf 'kcc_main=%q\n' "$main"
  printf 'kcc_class_path=%q\n' "$class_path"
  printf 'kcc_options=('
  printf ' %q' "${options[@]}"
  printf ' )\n'
} >"$dist/launch.env.new"
mv "$dist/launch.env.new" "$dist/launch.env"
