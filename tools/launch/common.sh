# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Sourced by kcc, kcc-opt and the scripts beside this file: finding a JDK and the cache folder, saying what went wrong.

kcc_oldest_jdk=25

kcc_fail() {
  printf 'kcc: error: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 2
}

# Prints the cache folder, in which $1 is kept.
kcc_cache() {
  [[ -n "${KCC_CACHE:-}${XDG_CACHE_HOME:-}${HOME:-}" ]] || kcc_fail "there is no home folder to keep $1 in" \
    "help: set KCC_CACHE to a folder you can write to"
  printf '%s\n' "${KCC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kcc}"
}

# Makes the cache folder $1 where there is none.
kcc_make_cache() {
  mkdir -p "$1" 2>/dev/null && [[ -w "$1" ]] || kcc_fail "cannot write to the cache folder $1" \
    "help: set KCC_CACHE to a folder you can write to"
}

# Prints the feature version of the JDK in folder $1; nothing when it is none.
kcc_jdk_version() {
  [[ -x "$1/bin/java" && -x "$1/bin/javac" && -r "$1/release" ]] || return 0
  local line
  while IFS= read -r line; do
    if [[ "$line" =~ ^JAVA_VERSION=\"([0-9]+) ]]; then
      printf '%s\n' "${BASH_REMATCH[1]}"
      return 0
    fi
  done <"$1/release"
}

# Prints the folder of the JDK to use: JAVA_HOME and the `java` on PATH first when they are new enough, else the
# newest of the usual folders. Prints nothing when there is none.
kcc_find_jdk() {
  local folder version best='' best_version=0 java
  local -a preferred=() others=()
  [[ -z "${JAVA_HOME:-}" ]] || preferred+=("$JAVA_HOME")
  if java=$(command -v java); then
    java=$(readlink -f "$java")
    preferred+=("${java%/bin/java}")
  fi
  for folder in "${preferred[@]}"; do
    version=$(kcc_jdk_version "$folder")
    if [[ -n "$version" ]] && ((version >= kcc_oldest_jdk)); then
      printf '%s\n' "$folder"
      return 0
    fi
  done
  others=(/usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* /usr/local/java/* /usr/local/*jdk*
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* "${HOME:-/nonexistent}"/.asdf/installs/java/*)
  for folder in "${others[@]}"; do
    version=$(kcc_jdk_version "$folder")
    if [[ -n "$version" ]] && ((version >= kcc_oldest_jdk && version > best_version)); then
      best=$folder
      best_version=$version
    fi
  done
  printf '%s' "$best"
}

kcc_require_jdk() {
  local jdk
  jdk=$(kcc_find_jdk)
  [[ -n "$jdk" ]] || kcc_fail "no JDK $kcc_oldest_jdk or newer was found (JAVA_HOME, PATH and the usual folders such as /usr/lib/jvm were searched)" \
    "help: install one (for example Temurin or OpenJDK $kcc_oldest_jdk) and set JAVA_HOME to its folder; the default java may stay what it is"
  printf '%s\n' "$jdk"
}
