#!/usr/bin/env bash
# Makes the Debian package of the release build.
#
# usage: packaging/deb/build.sh FOLDER     prints the path of what it made there
# SHAKEHOOK_DEB_VERSION is another version than the program's, to try upgrades.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source packaging/files.sh

output="$1"
deb_version="${SHAKEHOOK_DEB_VERSION:-$version}"
tree="$(mktemp -d)"
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"

install_files "$tree/usr"
install -D -m 644 packaging/systemd/shakehook.service "$tree/usr/lib/systemd/system/shakehook.service"
install -D -m 644 packaging/deb/shakehook.toml "$tree/etc/shakehook/shakehook.toml"
documents="$tree/usr/share/doc/shakehook"
mv "$documents/LICENSE" "$documents/copyright"
mv "$documents/CHANGELOG.md" "$documents/changelog"
gzip -n -9 "$documents/changelog"

install -d "$tree/DEBIAN"
for script in postinst prerm postrm; do install -m 755 "packaging/deb/$script" "$tree/DEBIAN/$script"; done
echo /etc/shakehook/shakehook.toml >"$tree/DEBIAN/conffiles"
cat >"$tree/DEBIAN/control" <<TEXT
Package: shakehook
Version: $deb_version
Architecture: $(architecture)
Maintainer: Shakehook maintainers <maintainers@shakehook.invalid>
Section: web
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$tree" | cut -f1)
Depends: libc6 (>= $(needed_glibc "$tree/usr/bin/shakehook")), passwd, init-system-helpers
Recommends: ca-certificates
Description: webhook system for accounts and contacts
 Keeps the accounts and contacts of venues, and tells every subscribed endpoint
 about each change with a signed POST, retried, never lost. One program: HTTP
 API, embedded store, delivery engine and dashboard.
TEXT
(cd "$tree" && find usr -type f | LC_ALL=C sort | xargs md5sum) >"$tree/DEBIAN/md5sums"
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$output"
file="$output/shakehook_${deb_version}_$(architecture).deb"
dpkg-deb --root-owner-group -Zxz --build "$tree" "$file" >/dev/null
echo "$file"
