# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A few files out of Debian's linux-source packages, which are large: taken out once, kept in the cache,
# never in the tree.

# linux_source FOLDER PACKAGE FILE...: FILEs of the package (folders with all that is in them) as
# FOLDER/FILE, both named from the top of Linux. FOLDER is there whole or not at all, whoever else asks
# for it at the same time.
linux_source() (
	folder=$1 package=$2
	shift 2
	[ ! -d "$folder" ] || exit 0
	# shellcheck disable=SC2154 # common.sh
	mkdir -p "$cache" && exec 9>"$cache/linux-source.lock" && flock -x 9 || exit
	[ ! -d "$folder" ] || exit 0
	tmp=$(mktemp -d "$cache/.linux-source.XXXXXX") || exit
	trap 'rm -rf "$tmp"' EXIT
	set -o pipefail
	cd "$tmp" && mkdir files &&
		apt-get -qq -o APT::Sandbox::User=root download "$package" >&2 &&
		dpkg-deb --fsys-tarfile "$package"_*.deb | tar xO "./usr/src/$package.tar.xz" |
		tar xJ -C files --strip-components=1 "${@/#/$package/}" &&
		chmod 755 files && mv files "$folder"
)

# The kernel's own netlink client (ynl), its schema, and the specification of the family of all families.
# shellcheck disable=SC2034 # for those who source this
ynl=$cache/ynl-6.12
linux_ynl() {
	linux_source "$ynl" linux-source-6.12 tools/net/ynl Documentation/netlink/genetlink.yaml \
		Documentation/netlink/genetlink-c.yaml Documentation/netlink/genetlink-legacy.yaml \
		Documentation/netlink/specs/nlctrl.yaml
}

# What Linux's own sources are checked by.
# shellcheck disable=SC2034 # for those who source this
linux_scripts=$cache/scripts-6.1
linux_scripts() {
	linux_source "$linux_scripts" linux-source-6.1 scripts/checkpatch.pl scripts/spelling.txt \
		scripts/const_structs.checkpatch scripts/coccinelle
}
