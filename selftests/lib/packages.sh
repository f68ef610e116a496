# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # common.sh
# Debian packages of this tree, made and tried in guests' roots.
. "$selftests/lib/chroot.sh"

# packages_of GUEST: where its packages lie, with what was fetched for them: a checkout has its own.
packages_of() {
	printf '%s/packages/%s-%s/%s\n' "$cache" "${tree##*/}" "$(printf %s "$tree" | sha256sum | cut -c1-8)" "$1"
}

# packages_inside GUEST ARGUMENT...: packages-inside.sh, in a root that is forgotten. Its folder is put behind the first.
packages_inside() {
	local guest folder what=$2
	guest=$(guest_of "$1") folder=$(packages_of "$1")
	shift 2
	mkdir -p "$folder"
	guest_lock "$guest" shared
	exec {packages_fd}>"$folder/.lock"
	flock -x "$packages_fd"
	# shellcheck disable=SC2034 # chroot.sh
	in_guest_rw=("$folder")
	in_guest "$guest" "$tree" selftests/lib/packages-inside.sh "$what" "$folder" "$@"
	exec {packages_fd}>&-
	guest_unlock
}

# packages_checks: results of what packages_inside prints
packages_checks() {
	local line said='' status='' text=''
	while IFS= read -r line; do
		case $line in
		"check "*)
			[ -z "$status" ] || result "$status" "$text" "$said"
			line=${line#check } said=''
			status=${line%% *} text=${line#* }
			;;
		*) said+=${line#    }$'\n' ;;
		esac
	done
	result "${status:-1}" "${text:-checks were made}" "$said"
}
