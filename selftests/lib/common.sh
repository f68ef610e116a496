# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What every script here needs: where things are, and how to give up.

selftests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # used by those who source this
tree=${selftests%/*}
cache=${NFT_SYSRQ_CACHE:-/var/cache/nft-sysrq}

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# die [STATUS] TEXT: statuses are documented by each script's help, 2 is usage everywhere.
die() {
	local status=1
	if [[ $1 =~ ^[0-9]+$ ]]; then
		status=$1
		shift
	fi
	say "$*"
	exit "$status"
}

need_root() { [ "$(id -u)" = 0 ] || die "must run as root (chroot, mount, mmdebstrap)"; }

# need_value "$@": the option in $1 is followed by its value.
need_value() { [ $# -ge 2 ] || die 2 "option $1 needs a value; see --help"; }

# guest_names [all]: those that are tested by default; all: also those that are only tested if named.
guest_names() {
	local f
	for f in "$selftests"/guests/*; do
		case ${f##*/} in
		common | cross | emulator | prover) continue ;;
		esac
		[ "${1:-}" = all ] || ! grep -q '^by_request=yes' "$f" || continue
		printf '%s\n' "${f##*/}"
	done
}

need_guest() {
	case $1 in
	common | */* | '') ;;
	*) [ -f "$selftests/guests/$1" ] && return ;;
	esac
	die 2 "no guest '$1'; there are: $(guest_names all | tr '\n' ' ')"
}

# guest_says NAME VARIABLE [DEFAULT]: what its description sets VARIABLE to.
guest_says() (
	packages=()
	unset "$2"
	# shellcheck source=../guests/trixie-debug disable=SC2034
	. "$selftests/guests/$1"
	printf '%s\n' "${!2:-${3:-}}"
)

# guest_of NAME: where its root and boot files lie. Its description is part of the path, so that
# checkouts with different descriptions do not make each other's guests anew.
guest_of() {
	local hash files=("$selftests/guests/common" "$selftests/guests/$1" "$selftests/lib/rootfs.sh")
	! grep -q '^kernel_config=' "$selftests/guests/$1" ||
		files+=("$selftests"/kernels/* "$selftests"/lib/kernel*.sh)
	hash=$(cat "${files[@]}" | sha256sum)
	printf '%s/guests/%s-%s\n' "$cache" "$1" "${hash:0:8}"
}

# guest_lock FOLDER shared|exclusive: held until the process and all its children that kept the
# descriptor are gone, so that a root is never removed under a running guest or build.
guest_lock() {
	mkdir -p "$cache/guests"
	exec {guest_lock_fd}>"$1.lock"
	if [ "$2" = shared ]; then
		flock -s "$guest_lock_fd"
	elif ! flock -n -x "$guest_lock_fd"; then
		say "waiting for others to let go of ${1##*/}"
		flock -x "$guest_lock_fd"
	fi
}

guest_unlock() { exec {guest_lock_fd}>&-; }
