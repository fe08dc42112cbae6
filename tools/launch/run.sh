# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Sourced. kcc_run ROOT TOOL ARGUMENTS...: builds the tool when it has to be, then becomes it.

source "$root/tools/launch/fresh.sh"

kcc_run() {
  local root=$1 tool=$2
  shift 2
  local dist=$root/tools/$tool/target/dist
  # A test harness that has just built everything need not look again for each of hundreds of calls.
  if [[ "${KCC_NO_BUILD:-}" != 1 ]] && ! kcc_is_fresh "$root" "$tool"; then
    "$root/tools/launch/build.sh" "$tool"
  fi
  local kcc_root='' kcc_java='' kcc_main='' kcc_class_path=''
  local -a kcc_options=()
  source "$dist/launch.env"
  if [[ "$kcc_root" != "$root" || ! -x "$kcc_java" ]]; then
    # The repository was moved, or the JDK it was built with is gone.
    "$root/tools/launch/assemble.sh" "$tool"
    source "$dist/launch.env"
  fi
  # Whether a person watches, which Java cannot ask about the error stream.
  if [[ -t 2 ]]; then kcc_options+=(-Dkcc.terminal=1); fi
  # shellcheck disable=SC2086  # KCC_JAVA_OPTIONS is a list of words
  exec "$kcc_java" "${kcc_options[@]}" ${KCC_JAVA_OPTIONS:-} -cp "$kcc_class_path" "$kcc_main" "$@"
}
