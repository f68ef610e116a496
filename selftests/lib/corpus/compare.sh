#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: compare.sh SCRIPT
# In a guest: runs SCRIPT (see replay.c) with libnftables alone and with the plugin, each in a network
# namespace of its own, and compares what was printed, what became of it and what went to the kernel.
# Prints figures, or the first differences. Exit status: 0 the same, 1 not, 2 it could not be run, or
# the same twice differs as well, so that nothing is shown.
set -uo pipefail
here=$(dirname "$(readlink -f "$0")")
[ $# = 1 ] || { sed -n 's/^# usage/usage/p' "$0" >&2; exit 2; }
script=$(realpath -- "$1") || exit 2
plugin=$(sed -n 's/^plugin=//p' "$(command -v nft)")
[ -r "$plugin" ] || { echo "compare: no plugin '$plugin'"; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 2

gcc -std=gnu11 -D_GNU_SOURCE -O1 -rdynamic -o replay "$here/replay.c" -lnftables -ldl || exit 2
# Each commit waits for a grace period; there are thousands.
[ ! -w /sys/kernel/rcu_expedited ] || echo 1 >/sys/kernel/rcu_expedited

# replayed NAME [ENVIRONMENT...]: the log, less the time that elements have left, and since a rule's last packet.
replayed() {
	local name=$1
	shift
	mkdir "$name"
	(cd "$name" && exec env "$@" unshare -n ../replay "$script" log) || exit 2
	[ "$(tail -n 1 "$name/log")" = end ] || { echo "compare: the run '$name' did not end"; exit 2; }
	sed -E -i 's/expires [0-9a-z]+/expires TIME/g; s/"expires": [0-9]+/"expires": 0/g
		s/last used [0-9a-z]+/last used TIME/g; s/"last": \{"used": [0-9]+/"last": {"used": 0/g' "$name/log"
}

# Modules that come with the first use make a commit begin anew, and handles higher.
find "/lib/modules/$(uname -r)/kernel/net" -name 'nft_*.ko' -o -name 'nf_nat*.ko' -o -name 'nf_conntrack*.ko' \
	-o -name 'nf_flow*.ko' -o -name 'nf_log*.ko' -o -name 'nf_dup*.ko' \
	-o -name 'nfnetlink_*.ko' | sed 's,.*/,,; s/[.]ko$//' | xargs modprobe -aq

loaded() { cut -d ' ' -f 1 /proc/modules | sort; }
before=$(loaded)
replayed alone
if [ "$before" != "$(loaded)" ]; then
	rm -rf alone
	replayed alone
fi
replayed plugin "LD_PRELOAD=$plugin"
same() {
	cmp -s "$1/log" "$2/log" && return
	python3 -B "$here/differences.py" "$1/log" "$2/log"
	return 1
}
if ! same alone plugin; then
	echo "compare: this differs without and with the plugin; do they do the same twice?"
	replayed again
	replayed plugin-again "LD_PRELOAD=$plugin"
	same alone again && same plugin plugin-again && exit 1
	echo "compare: nothing is shown, as the same twice differs as well"
	exit 2
fi
# Each record ends with its status; the numbers are for whoever wonders what was compared.
LC_ALL=C awk '/^label /{files++} /^(run|file|save|load) /{n++; open = 1; next}
	/^= /{ if (open && $2 != 0) refused++; open = 0 } /^> /{messages++; bytes += (length($0) - 2) / 2}
	END { printf "%d files, %d commands, %d of them refused, %d writes to the kernel of %d bytes: the same\n",
		files, n, refused, messages, bytes }' alone/log
