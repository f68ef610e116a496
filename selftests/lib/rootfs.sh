# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# From a guest's description to its root filesystem. A change of this file makes all guests anew (see
# guest_of), so what merely uses a root stands elsewhere.

# The mirror that this machine itself was told to use, nothing if it names none.
mirror_of() {
	# shellcheck disable=SC2016 # apt's variables
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		"Release: $1" 'Component: main' 2>/dev/null | sed -n 1p
}

rootfs_sources() {
	local here mirror security by=/usr/share/keyrings/debian-archive-keyring.gpg
	here=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	mirror=$(mirror_of "$here")
	security=$(mirror_of "$here-security")
	[ -n "$mirror" ] || return 0
	echo "deb [signed-by=$by] $mirror $suite main"
	[ -z "$security" ] || echo "deb [signed-by=$by] $security $suite-security main"
	[ -z "${extra_suite:-}" ] || echo "deb [signed-by=$by] $mirror $extra_suite main"
}

# rootfs_make NAME FOLDER: fills FOLDER, which must be empty or absent.
rootfs_make() {
	local suite extra_suite='' from_extra=() index_may_be_old='' packages=() leave_out=() args=() sources p
	# shellcheck source=guests/common disable=SC2154 # common.sh
	. "$selftests/guests/common"
	# shellcheck source=guests/trixie-backports
	. "$selftests/guests/$1"
	for p in "${from_extra[@]}"; do
		packages+=("$p/$extra_suite")
	done
	for p in "${leave_out[@]}"; do
		args+=(--dpkgopt="path-exclude=/lib/modules/*/kernel/$p/*")
		args+=(--dpkgopt="path-exclude=/usr/lib/modules/*/kernel/$p/*")
	done
	for p in doc man info locale lintian; do
		args+=(--dpkgopt="path-exclude=/usr/share/$p/*")
	done
	[ -z "$index_may_be_old" ] || args+=(--aptopt='Acquire::Check-Valid-Until "false"')
	sources=$(rootfs_sources)
	if [ -n "$sources" ]; then
		args+=("$suite" "$2" -)
	else
		# mmdebstrap knows where Debian is; the extra suite is beside the main one.
		[ -z "$extra_suite" ] || args+=(--setup-hook="cd \"\$1/etc/apt\" &&
			sed -n 's/ $suite main/ $extra_suite main/p' sources.list > sources.list.d/extra.list")
		args+=("$suite" "$2")
	fi
	# Later releases compress modules; unpacking those would cost a guest more than all else at boot.
	# shellcheck disable=SC2016 # expanded by mmdebstrap's shell
	args+=(--customize-hook='cd "$1" && for m in usr/lib/modules/*/modules.dep; do
		[ ! -e "$m" ] || { find "${m%/*}" -name "*.ko.xz" -print0 | xargs -0 -r xz -d &&
			m=${m%/*} && chroot . depmod "${m##*/}"; }; done')
	# INITRD=No: we boot with an initramfs of our own, and making Debian's takes half a minute.
	# unshare: whatever ends mmdebstrap, its mounts go with it.
	INITRD=No unshare --mount mmdebstrap --quiet --variant=apt --mode=root --format=directory \
		--include="${packages[*]}" --aptopt='Acquire::Languages "none"' \
		--aptopt='Acquire::Retries "3"' --dpkgopt=force-unsafe-io \
		"${args[@]}" <<<"$sources"
}
