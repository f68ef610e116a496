# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Where the built tree of one checkout and one guest lies:
#   kernel/  the module's build folder: symbolic links to the sources, and what make adds
#   user/    meson's build folder
#   stage/   what is laid over the guest's root; vm takes a copy, so that a build disturbs no guest

# stage_of GUEST-FOLDER: the tree's path is part of it, so that two checkouts never share a build, and
# so is the guest's description.
stage_of() {
	# shellcheck disable=SC2154 # common.sh
	printf '%s/trees/%s-%s/%s\n' "$cache" "${tree##*/}" \
		"$(printf %s "$tree" | sha256sum | cut -c1-8)" "${1##*/}"
}

# stage_lock STAGE-FOLDER: against builds and copies of the same stage.
stage_lock() {
	mkdir -p "$1/stage"
	exec {stage_lock_fd}>"$1/.lock"
	flock -x "$stage_lock_fd"
}

stage_unlock() { exec {stage_lock_fd}>&-; }
