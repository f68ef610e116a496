# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The peer: xt_SYSRQ of Debian's xtables-addons, from its source package, built for a guest's kernel.

# Only where Debian's release carries one that builds and that a forged request does not bring down.
peer_wanted() { [ "$1" = trixie ]; }

# peer_build GUEST TO: xt_SYSRQ.ko, as TO/xt_SYSRQ.ko. What was built is kept in the cache.
peer_build() {
	local guest kept tmp
	guest=$(guest_of "$1")
	# shellcheck disable=SC2154 # common.sh
	kept=$cache/peer/${guest##*/}
	if [ ! -f "$kept/xt_SYSRQ.ko" ]; then
		mkdir -p "$kept"
		tmp=$(mktemp -d "$kept/.build.XXXXXX")
		# shellcheck disable=SC2034 # chroot.sh
		in_guest_rw=("$tmp")
		# shellcheck disable=SC2154 # common.sh
		if ! in_guest "$guest" "$tree" bash selftests/bench.d/peer-inside.sh "$tmp" >"$kept/log" 2>&1; then
			cat "$kept/log" >&2
			rm -rf "$tmp"
			die "guest $1: xt_SYSRQ could not be built, see above"
		fi
		mv "$tmp/xt_SYSRQ.ko" "$kept/"
		rm -rf "$tmp"
	fi
	cp "$kept/xt_SYSRQ.ko" "$2/"
}
