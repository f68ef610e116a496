# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Running commands in a guest's root on this machine, natively and without leaving a mount behind.

# in_guest FOLDER TREE COMMAND...: COMMAND in the guest's root (guest_of), in TREE, which is seen at its own path,
# read-only. $in_guest_rw names folders (absolute) that are seen at their own path, writable. The root
# itself is writable as an overlay that is forgotten, so that a command can never spoil a guest.
in_guest_rw=()
in_guest() {
	local root=$1/root dir=$2
	shift 2
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --pid --fork --kill-child bash -euc '
		root=$1 dir=$2 count=$3
		shift 3
		mount --make-rprivate /
		m=$root/mnt
		mount -t tmpfs -o mode=755 guest "$m"
		mkdir "$m/up" "$m/work" "$m/root"
		mount -t overlay -o "lowerdir=$root,upperdir=$m/up,workdir=$m/work" guest "$m/root"
		cd "$m/root"
		mount -t proc proc proc
		mount --rbind /dev dev
		mount -t tmpfs -o mode=1777 tmp tmp
		mkdir -p ".$dir"
		mount --bind "$dir" ".$dir"
		mount -o remount,bind,ro ".$dir"
		while [ "$count" -gt 0 ]; do
			mkdir -p ".$1"
			mount --bind "$1" ".$1"
			shift
			count=$((count - 1))
		done
		exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
			TERM="${TERM:-dumb}" sh -c '\''cd "$0" && exec "$@"'\'' "$dir" "$@"
	' in_guest "$root" "$dir" "${#in_guest_rw[@]}" "${in_guest_rw[@]}" "$@"
}
