# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Sourced. kcc_is_fresh ROOT TOOL: is the build newer than every source? Costs a few milliseconds.

kcc_is_fresh() {
  local root=$1 stamp=$1/tools/$2/target/dist/launch.env newer
  [[ -e "$stamp" ]] || return 1
  # Folders count as well: a removed file makes its folder newer.
  newer=$(find "$root/pom.xml" "$root"/{mlir-bridge,scheduler,frontend-dsl,passes,targets}/{pom.xml,src/main} \
    "$root"/tools/{launcher-java,driver,"$2"}/{pom.xml,src/main} "$root/tools/launch" \
    -newer "$stamp" -print -quit 2>/dev/null) || true
  [[ -z "$newer" ]]
}
