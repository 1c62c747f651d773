#!/usr/bin/env bash
# Makes what is given to users, of the release build: the archive, the Debian package, the image, and the bill of
# materials that is beside them.
#
# usage: packaging/build.sh FOLDER     prints the path of each
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source packaging/files.sh

output="$1"
mkdir -p "$output"

# The archive holds one folder, to be moved to /usr/local or anywhere.
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
name="shakehook-$version-linux-$(architecture)"
install_files "$work/$name"
make_tar "$work" "$output/$name.tar.gz" "$name"
echo "$output/$name.tar.gz"

packaging/deb/build.sh "$output"
node packaging/image/build.mjs "$output"
node packaging/notices/sbom.mjs "$work/$name/bin/shakehook" >"$output/$name.cdx.json"
echo "$output/$name.cdx.json"
