# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The tests of nftables' own source, tests/py and tests/shell, of a guest's release: taken once from
# Debian's source package, kept in the cache, never in the tree.

# nft_version GUEST: the release of nftables there, as 1.0.6.
nft_version() {
	dpkg-query --admindir="$(guest_of "$1")/root/var/lib/dpkg" -W -f '${Version}' nftables | sed 's/-.*//'
}

# nft_tests_of GUEST: where they are, or are to be.
# shellcheck disable=SC2154 # common.sh
nft_tests_of() { printf '%s/nftables-tests/%s\n' "$cache" "$(nft_version "$1")"; }

# nft_tests_put FOLDER TREE: what of TREE, a tree of nftables' source, is needed.
nft_tests_put() (
	tmp=$(mktemp -d "$cache/.nftables-tests.XXXXXX") || exit
	trap 'rm -rf "$tmp"' EXIT
	mkdir "$tmp/new" && cp -r "$2/tests/py" "$2/tests/shell" "$tmp/new/" && chmod 755 "$tmp/new" &&
		mkdir -p "${1%/*}" && rm -rf "$1" && mv "$tmp/new" "$1"
)

# nft_tests_take GUEST FOLDER: from the mirror that the guest's root came from. Not every mirror has
# sources; then FOLDER stays absent, and what is wrong is told.
nft_tests_take() (
	root=$(guest_of "$1")/root
	tmp=$(mktemp -d "$cache/.nftables-tests.XXXXXX") || exit
	trap 'rm -rf "$tmp"' EXIT
	cd "$tmp" && mkdir -p lists/partial source || exit
	sed -n 's/^deb /deb-src /; /security/d; p' "$root/etc/apt/sources.list" >sources
	apt=(apt-get -qq -o "Dir::Etc::sourcelist=$tmp/sources" -o Dir::Etc::sourceparts=/dev/null
		-o "Dir::State::lists=$tmp/lists" -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache=
		-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
		-o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none)
	"${apt[@]}" update && "${apt[@]}" --tar-only source nftables || exit
	for tar in nftables_"$(nft_version "$1")".orig.tar.*; do
		[[ $tar == *.asc ]] || tar xf "$tar" -C source --strip-components=1 || exit
	done
	nft_tests_put "$2" "$tmp/source"
)

# nft_tests GUEST: they are there, or it is told why not.
nft_tests() (
	folder=$(nft_tests_of "$1")
	[ ! -d "$folder" ] || exit 0
	mkdir -p "${folder%/*}" && exec 9>"$cache/nftables-tests.lock" && flock -x 9 || exit
	[ -d "$folder" ] || nft_tests_take "$1" "$folder" >&2
)

# nft_tests_if_any GUEST: the same for who can do without, quietly; a mirror that had none is asked again
# after a day.
nft_tests_if_any() {
	local none
	none=$(nft_tests_of "$1").none
	[ -z "$(find "$none" -mmin -1440 2>/dev/null)" ] || [ -d "${none%.none}" ] || return
	nft_tests "$1" >/dev/null 2>&1 && return
	touch "$none" && return 1
}
