#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Puts LLVM/MLIR 22 into a cache folder and prints the prefix (a folder like /usr/lib/llvm-22).
# Needs neither root nor a previous `apt-get update`: the package lists, the archives and the
# unpacked tree all live in the cache folder.
#
#   provision-llvm.sh          print the prefix, provisioning first when it is not there
#   provision-llvm.sh --check  print the prefix, or exit 1 when nothing is provisioned yet
#
# KCC_LLVM_HOME  use this installation (prefix) instead
# KCC_CACHE      cache folder; default ${XDG_CACHE_HOME:-$HOME/.cache}/kcc
set -euo pipefail

# Raise this when the list or the way of unpacking changes: an older tree is then not reused.
readonly LAYOUT=2

readonly RUN_TIME=(
  libllvm22 libmlir-22 lld-22
  libz3-4 libicu72 libxml2 libedit2 libbsd0 libmd0 libffi8 libzstd1 liblzma5 libtinfo6 zlib1g
)
readonly BUILD_TIME=(
  libmlir-22-dev llvm-22-dev liblld-22 liblld-22-dev
  clang-22 libclang-cpp22 libclang1-22 libclang-common-22-dev
  mlir-22-tools llvm-22 llvm-22-tools patchelf
)
# A complete root for the compiler, so that neither g++ nor a particular gcc has to be there.
readonly SYSTEM_ROOT=(
  libc6 libc6-dev linux-libc-dev libgcc-s1 libgcc-12-dev libstdc++6 libstdc++-12-dev zlib1g-dev libzstd-dev
)
# lit is Python; only when the machine has none.
readonly PYTHON=(python3-minimal python3.11-minimal libpython3.11-minimal libpython3.11-stdlib libexpat1)

# Progress is for a person: on a terminal, or where the caller shows it to one (tools/launch/build.sh).
say() { if [[ -t 2 || "${KCC_PROGRESS:-}" == 1 ]]; then printf 'kcc: %s\n' "$*" >&2; fi; }
fail() {
  printf 'kcc: error: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

if [[ -n "${KCC_LLVM_HOME:-}" ]]; then
  for needed in include/mlir-c/IR.h lib/libMLIRCAPIIR.a lib/liblldELF.a lib/libMLIR.so bin/clang++ bin/mlir-tblgen bin/FileCheck; do
    [[ -e "$KCC_LLVM_HOME/$needed" ]] || fail \
    "KCC_LLVM_HOME=$KCC_LLVM_HOME has no $needed" \
      "help: unset it to let kcc fetch LLVM, or install libmlir-22-dev, mlir-22-tools, llvm-22, llvm-22-dev, llvm-22-tools, lld-22, liblld-22-dev, clang-22 and set it to /usr/lib/llvm-22"
  done
  version=$("$KCC_LLVM_HOME/bin/llvm-config" --version 2>/dev/null || "$KCC_LLVM_HOME/bin/mlir-tblgen" --version | sed -n 's/.*LLVM version //p')
  [[ "$version" == 22.* ]] || fail "KCC_LLVM_HOME=$KCC_LLVM_HOME is LLVM ${version:-of an unknown version}, kcc needs 22"
  printf '%s\n' "$KCC_LLVM_HOME"
  exit 0
fi

[[ -n "${KCC_CACHE:-}${XDG_CACHE_HOME:-}${HOME:-}" ]] || fail "there is no home folder to keep LLVM 22 in" \
  "help: set KCC_CACHE to a folder you can write to"
readonly CACHE="${KCC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kcc}"
[[ "$CACHE" == /* ]] || fail "the cache folder '$CACHE' is not an absolute path" "help: see KCC_CACHE and XDG_CACHE_HOME"
readonly TREE="$CACHE/llvm-22-$LAYOUT"
readonly PREFIX="$TREE/usr/lib/llvm-22"

if [[ -e "$TREE/.complete" ]]; then
  printf '%s\n' "$PREFIX"
  exit 0
fi
if [[ "${1:-}" == --check ]]; then
  fail "LLVM 22 is not provisioned in $CACHE" "help: run $0"
fi

for tool in apt-get dpkg-deb tar flock; do
  command -v "$tool" >/dev/null || fail "'$tool' is missing, so LLVM 22 cannot be fetched" \
    "help: on Debian install apt, dpkg, tar and util-linux; elsewhere install LLVM/MLIR 22 and set KCC_LLVM_HOME to its prefix"
done
[[ "$(dpkg --print-architecture)" == amd64 ]] || fail "kcc runs on x86-64 (amd64) hosts only, this is $(dpkg --print-architecture)"

mkdir -p "$CACHE" 2>/dev/null && [[ -w "$CACHE" ]] || fail "cannot write to the cache folder $CACHE" \
  "help: set KCC_CACHE to a folder you can write to"

# Another kcc may be doing the same: wait for it, then use its tree.
exec 9>"$CACHE/provision.lock"
if ! flock -n 9; then
  say "waiting for another kcc that is fetching LLVM 22"
  flock 9
fi
if [[ -e "$TREE/.complete" ]]; then
  printf '%s\n' "$PREFIX"
  exit 0
fi

needed_kb=$((2 * 1024 * 1024))
free_kb=$(df -Pk "$CACHE" | awk 'NR == 2 { print $4 }')
((free_kb >= needed_kb)) || fail "$CACHE has $((free_kb / 1024)) MB free, unpacking LLVM 22 needs $((needed_kb / 1024)) MB" \
  "help: set KCC_CACHE to a folder on a larger disk"

# What an interrupted run left; nobody else can be using it, we hold the lock.
rm -rf "$CACHE"/provision.?*.tmp
work=$(mktemp -d "$CACHE/provision.XXXXXX.tmp")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists,cache/archives,state,debs,tree}
: >"$work/log"

# The system's sources and keys, but lists, state and archives of our own, and none of the commands
# that the system runs after an update. As root, apt drops privileges to a user who may not write to
# our folder, so it is told to stay root.
apt=(-q -o "Dir::State=$work/state" -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache"
  -o "Dir::State::status=/var/lib/dpkg/status" -o "Acquire::Languages=none" -o "Acquire::Retries=2"
  -c "$work/apt.conf")
printf '#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n' >"$work/apt.conf"
[[ $EUID -ne 0 ]] || apt+=(-o "APT::Sandbox::User=root")

tail_of_log() { tail -n 4 "$work/log" | sed -E 's#https?://[^ /]+#the package source#g'; }

say "reading the package lists"
no_lists() {
  fail "cannot read Debian's package lists, so LLVM 22 cannot be fetched" "$(tail_of_log)" \
    "help: check the network (and the proxy settings of apt), or set KCC_LLVM_HOME to an installed LLVM/MLIR 22"
}
apt-get "${apt[@]}" update >"$work/log" 2>&1 || no_lists

packages=("${RUN_TIME[@]}" "${BUILD_TIME[@]}" "${SYSTEM_ROOT[@]}")
command -v python3 >/dev/null && python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' || packages+=("${PYTHON[@]}")

known=$(apt-cache "${apt[@]}" --no-all-versions show "${packages[@]}" 2>/dev/null | awk '/^Package: /{ print $2 }' | sort -u)
missing=()
for package in "${packages[@]}"; do
  grep -qxF -- "$package" <<<"$known" || missing+=("$package")
done
# A source that cannot be reached is only a warning to apt: it may be one that is not needed.
if ((${#missing[@]} > 0)) && grep -q '^[EW]:' "$work/log"; then no_lists; fi
((${#missing[@]} == 0)) || fail "the package sources of this machine do not have: ${missing[*]}" \
  "help: kcc takes LLVM 22 from Debian 12 with its security updates (bookworm-security); add that source, or set KCC_LLVM_HOME"

size=$(apt-cache "${apt[@]}" --no-all-versions show "${packages[@]}" | awk '/^Size: /{ s += $2 } END { printf "%d", s / 1000000 }')
say "downloading LLVM/MLIR 22 (${#packages[@]} packages, $size MB)"
(cd "$work/debs" && apt-get "${apt[@]}" download "${packages[@]}") >"$work/log" 2>&1 || fail "downloading LLVM 22 failed" \
  "$(tail_of_log)" "help: try again; nothing incomplete was kept"

# Static archives are 800 MB that nobody links: LLVM and MLIR are used as shared libraries. Kept are
# the archives of MLIR's C interface and of lld, which exist in no other form.
say "unpacking"
unpack() {
  dpkg-deb --fsys-tarfile "$1" | tar -x -C "$work/tree" --no-same-owner \
    --exclude='./usr/share' --exclude='./usr/lib/cmake' --exclude='./usr/lib/llvm-22/lib/cmake' \
    --exclude='./usr/lib/llvm-22/lib/libLLVM*.a' --exclude='./usr/lib/llvm-22/lib/libMLIR[!C]*.a' \
    --exclude='./usr/lib/llvm-22/lib/libMLIRC[!A]*.a' --exclude='./usr/lib/llvm-22/bin/llvm-exegesis' \
    --exclude='./usr/lib/llvm-22/bin/mlir-*-lsp-server' --exclude='./usr/lib/llvm-22/bin/mlir-lsp-server' \
    --exclude='./usr/lib/llvm-22/bin/mlir-transform-opt' --exclude='./usr/lib/llvm-22/build' \
    --exclude='./usr/lib/gcc/*/*/32' --exclude='./usr/lib/gcc/*/*/x32' --exclude='./usr/lib/gcc/*/*/lib[atlu]san*' \
    --exclude='./etc' --exclude='./var'
}
export -f unpack
export work
printf '%s\0' "$work"/debs/*.deb | xargs -0 -n 1 -P 2 bash -c 'set -euo pipefail; unpack "$1"' _ ||
  fail "unpacking the packages failed" "help: is the disk of $CACHE full?"

# libLLVM looks for what it needs in its own folder ($ORIGIN/../lib); what those libraries need in
# turn (libedit: libbsd, libxml2: libicu, ...) they get from there too, because they are given a run
# path. So no library of the host is picked up but libc, libgcc and libstdc++.
root="$work/tree"
prefix="$root/usr/lib/llvm-22"
for folder in "$root/lib/x86_64-linux-gnu" "$root/usr/lib/x86_64-linux-gnu"; do
  for library in "$folder"/lib{z3,icuuc,icudata,xml2,edit,bsd,md,ffi,zstd,lzma,tinfo,z}.so.*; do
    [[ -f "$library" ]] || continue
    if [[ ! -L "$library" ]]; then "$root/usr/bin/patchelf" --set-rpath "\$ORIGIN" "$library" 2>>"$work/log"; fi
    ln -sfn "$(realpath --relative-to="$prefix/lib" "$library")" "$prefix/lib/${library##*/}"
  done
done
for library in "$root"/usr/lib/x86_64-linux-gnu/lib{LLVM,clang-cpp}.so.*; do
  ln -sfn "../../x86_64-linux-gnu/${library##*/}" "$prefix/lib/${library##*/}"
done
ln -sfn libLLVM.so.22.1 "$prefix/lib/libLLVM-22.so"
ln -sfn libLLVM.so.22.1 "$prefix/lib/libLLVM.so"

# llvm-objdump and a few others can fetch debug information over the network, through a library with
# twenty dependencies. It is answered by one whose functions do nothing.
{
  for name in easy_cleanup easy_getinfo easy_init easy_perform easy_setopt easy_strerror global_cleanup \
    global_init slist_append slist_free_all; do
    printf 'void *curl_%s(void) { return 0; }\n' "$name"
  done
} >"$work/curl.c"
printf 'CURL_OPENSSL_4 { global: curl_*; local: *; };\n' >"$work/curl.map"
"$prefix/bin/clang" -shared -fPIC -nostdlib -fuse-ld=lld -Wl,-soname,libcurl.so.4 \
  -Wl,--version-script="$work/curl.map" -o "$prefix/lib/libcurl.so.4" "$work/curl.c" 2>>"$work/log" ||
  fail "the unpacked LLVM 22 cannot compile" "$(tail_of_log)"

# The packaged lit expects to be installed in /usr.
python=python3
if [[ -x "$root/usr/bin/python3.11" ]]; then python="$TREE/usr/bin/python3.11"; fi
cat >"$prefix/bin/lit" <<LIT
#!/usr/bin/env $python
import sys
sys.path.insert(1, "$PREFIX/utils/lit")
from lit.main import main
main()
LIT
ln -sfn "$(if [[ $python == python3 ]]; then command -v python3; else printf '%s' ../../../bin/python3.11; fi)" "$prefix/bin/python3"

for tool in clang++ mlir-tblgen mlir-opt FileCheck ld.lld llc llvm-objdump; do
  "$prefix/bin/$tool" --version >/dev/null 2>"$work/log" ||
    fail "the unpacked LLVM 22 does not run ($tool)" "$(tail_of_log)"
done

(cd "$work/debs" && printf '%s\n' *.deb | sed 's/%3a/:/g; s/\.deb$//') >"$work/tree/packages.txt"
touch "$work/tree/.complete"
rm -rf "$TREE"
mv "$root" "$TREE"
say "LLVM/MLIR $(sed -n 's/^libllvm22_[0-9]*:\([0-9.]*\).*/\1/p' "$TREE/packages.txt") is in $TREE"
printf '%s\n' "$PREFIX"
