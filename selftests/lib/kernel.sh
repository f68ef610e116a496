# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # common.sh
# Kernels that are built here: a guest whose description has kernel_config=(FRAGMENT...) gets, in place of
# a packaged kernel, one of Debian's sources, made of selftests/kernels/FRAGMENT.config.

# kernel_make NAME FOLDER: into FOLDER/root, a root filesystem that nobody uses yet.
kernel_make() {
	local packages=() kernel_config=() kernel_source='' began=$SECONDS
	# shellcheck source=../guests/trixie-debug
	. "$selftests/guests/$1"
	[ ${#kernel_config[@]} -gt 0 ] || return 0
	say "building the kernel of guest $1 (ten minutes or some, once)"
	mkdir "$2/kernel"
	# shellcheck disable=SC2034 # chroot.sh
	in_guest_rw=("$2/kernel")
	in_guest "$2" "$tree" bash selftests/lib/kernel-inside.sh "$2/kernel" "$kernel_source" \
		"${kernel_config[@]/%/.config}" || return
	cp -a "$2/kernel/out/." "$2/root/"
	rm -rf "$2/kernel"
	say "built the kernel of guest $1 in $((SECONDS - began)) s"
}
