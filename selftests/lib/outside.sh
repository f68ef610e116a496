# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For cases outside a guest: TAP, and a guest that serves one key on a loopback port.
. "$(dirname "${BASH_SOURCE[0]}")/tap.sh"
. selftests/lib/vm.sh

GUEST=${GUEST:-bookworm}
port=$(vm_free_udp_port)
share=$vm_dir/share
mkdir -p "$share"
(umask 077 && head -c 32 /dev/urandom >"$share/key")

# ok STATUS TEXT: with what guests said last if STATUS is not 0
ok() {
	result "$1" "$2" "$(tail -n 5 "$vm_dir"/*.out "$vm_dir"/*.err 2>/dev/null)"
}

# try TEXT COMMAND...: ok if COMMAND succeeds
try() {
	local text=$1 status=0
	shift
	"$@" >"$vm_dir/last" 2>&1 || status=$?
	[ "$status" = 0 ] || sed 's/^/# /' "$vm_dir/last"
	ok "$status" "$text"
}

# The tool, built for this machine: that of the bookworm guest. Looked for once, as that takes its time.
sysrqctl() {
	tool=${tool:-$(selftests/build -r bookworm | tail -n 1)/stage/usr/bin/sysrqctl}
	"$tool" "$@"
}

srq() { python3 selftests/lib/srq.py "$@"; }

# serve NAME VM-OPTIONS...: a guest with the key and the rule; NAME is its host name
serve() {
	local name=$1
	shift
	vm_start "$name" --no-build -r "$GUEST" -t 400 --udp "$port:9" --share "$share" "$@" -- \
		python3 selftests/lib/serve.py /mnt/share/key
	vm_wait_line "$name" '^ready' 90
}

# boots NAME: how many boots of it have got ready, each with an id of its own
boots() { grep '^ready' "$vm_dir/$1.out" | sort -u | wc -l; }

# wait_boots NAME N
wait_boots() {
	local end=$((SECONDS + 90))
	until [ "$(boots "$1")" -ge "$2" ]; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.2
	done
}
