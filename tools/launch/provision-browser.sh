#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Prints the path of a headless Chromium for tests of pages: the machine's own, or Debian's in kcc's cache folder. Needs neither
# root nor a previous `apt-get update`. About 100 MB are downloaded, 290 MB are kept.
#
# KCC_BROWSER   use this executable instead
# KCC_CACHE     cache folder; default ${XDG_CACHE_HOME:-$HOME/.cache}/kcc
# KCC_OFFLINE   1: never download
set -euo pipefail

source "$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)/common.sh"

# Raise this when the way of unpacking changes: an older tree is then not reused.
readonly LAYOUT=1

if [[ -n "${KCC_BROWSER:-}" ]]; then
  [[ -x "$KCC_BROWSER" ]] || kcc_fail "KCC_BROWSER=$KCC_BROWSER cannot be executed"
  printf '%s\n' "$KCC_BROWSER"
  exit 0
fi
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
  if command -v "$name"; then exit 0; fi
done

cache=$(kcc_cache "a browser")
tree=$cache/browser-$LAYOUT
if [[ -e "$tree/.complete" ]]; then
  printf '%s\n' "$tree/browser"
  exit 0
fi

[[ "${KCC_OFFLINE:-}" != 1 ]] || kcc_fail "there is no browser in $cache and KCC_OFFLINE forbids to fetch one"
for tool in apt-get dpkg-deb flock; do
  command -v "$tool" >/dev/null || kcc_fail "'$tool' is missing, so no browser can be fetched" \
    "help: install Chromium, or set KCC_BROWSER to one"
done
kcc_make_cache "$cache"

# Another test may be doing the same: wait for it, then use its tree.
exec 9>"$cache/browser.lock"
flock 9
if [[ -e "$tree/.complete" ]]; then
  printf '%s\n' "$tree/browser"
  exit 0
fi

# What an interrupted run left; nobody else can be using it, we hold the lock.
rm -rf "$cache"/browser.?*.tmp
work=$(mktemp -d "$cache/browser.XXXXXX.tmp")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists,cache/archives,state,debs,tree}

# The system's sources and keys, but lists, state and archives of our own, and none of the commands that the system runs after
# an update. As root, apt drops privileges to a user who may not write to our folder, so it is told to stay root.
apt=(-q -o "Dir::State=$work/state" -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache"
  -o "Dir::State::status=/var/lib/dpkg/status" -o "Acquire::Languages=none" -o "Acquire::Retries=2"
  -c "$work/apt.conf")
printf '#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n' >"$work/apt.conf"
[[ $EUID -ne 0 ]] || apt+=(-o "APT::Sandbox::User=root")
cannot() {
  kcc_fail "$1" "$(tail -n 3 "$work/log" | sed -E 's#https?://[^ /]+#the package source#g')" \
    "help: install Chromium, or set KCC_BROWSER to one"
}

apt-get "${apt[@]}" update >"$work/log" 2>&1 || cannot "cannot read Debian's package lists, so no browser can be fetched"
# What an installation would bring to this machine, without installing it.
apt-get "${apt[@]}" install -s --no-install-recommends chromium-headless-shell >"$work/plan" 2>"$work/log" ||
  cannot "the package sources of this machine have no Chromium that fits it"
mapfile -t packages < <(awk '/^Inst /{ print $2 }' "$work/plan")
packages+=(fonts-dejavu-core)
(cd "$work/debs" && apt-get "${apt[@]}" download "${packages[@]}") >"$work/log" 2>&1 || cannot "downloading Chromium failed"

for package in "$work"/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work/tree" --no-same-owner --exclude='./usr/share/doc' \
    --exclude='./usr/share/man' --exclude='./usr/share/lintian' --exclude='./usr/share/locale'
done
mkdir -p "$work/tree/etc"
cat >"$work/tree/etc/fonts.conf" <<FONTS
<?xml version="1.0"?>
<fontconfig><dir>$tree/usr/share/fonts</dir><cachedir>$tree/var/fonts</cachedir></fontconfig>
FONTS
cat >"$work/tree/browser" <<BROWSER
#!/usr/bin/env bash
# Libraries that the machine lacks are the tree's own.
libraries=$tree/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH="$tree/lib/x86_64-linux-gnu:\$libraries:\$libraries/pulseaudio"
export FONTCONFIG_FILE="$tree/etc/fonts.conf"
exec "$tree/usr/lib/chromium/chromium-headless-shell" "\$@"
BROWSER
chmod +x "$work/tree/browser"
rm -rf "$tree"
mv "$work/tree" "$tree"
"$tree/browser" --version >"$work/log" 2>&1 || cannot "the unpacked Chromium does not run"
touch "$tree/.complete"
printf '%s\n' "$tree/browser"
