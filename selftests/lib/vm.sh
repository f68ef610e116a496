# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For tests that talk to guests from outside: guests in the background, cleaned up whatever happens.
#
#	. selftests/lib/vm.sh
#	port=$(vm_free_udp_port)
#	vm_start web1 --udp "$port:9" -- sh -c 'nft add ...; echo ready; sleep 1000'
#	vm_wait_line web1 '^ready' 60
#	sysrqctl send --port "$port" 127.0.0.1 s
#	vm_stop web1		# or: vm_wait web1, for its COMMAND's own end and status
#
# $vm_dir is a private folder: NAME.out and NAME.err hold a guest's output, NAME.log its kernel log;
# a test may put its own files there too. At the shell's end all guests are stopped and $vm_dir is
# removed; a test that needs the EXIT trap itself calls vm_cleanup in it. A guest also ends when this
# shell is killed, by whatever signal.

vm_program=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/vm
vm_dir=$(mktemp -d "${TMPDIR:-/tmp}/nft-sysrq-test.XXXXXX")
declare -A vm_pids=()

vm_cleanup() {
	local name
	for name in "${!vm_pids[@]}"; do
		vm_stop "$name"
	done
	rm -rf "$vm_dir"
}
trap vm_cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# vm_start NAME VM-OPTIONS... -- COMMAND...: returns at once; NAME is also the guest's host name.
vm_start() {
	local name=$1
	shift
	: >"$vm_dir/$name.out"
	setpriv --pdeath TERM -- "$vm_program" --hostname "$name" --log "$vm_dir/$name.log" "$@" \
		</dev/null >"$vm_dir/$name.out" 2>"$vm_dir/$name.err" &
	vm_pids[$name]=$!
}

vm_alive() { kill -0 "${vm_pids[$1]}" 2>/dev/null; }

# vm_complain NAME TEXT: with what the guest said last, for who reads the test's output.
vm_complain() {
	{
		echo "vm.sh: $2; guest $1 said:"
		tail -n 20 "$vm_dir/$1.out" "$vm_dir/$1.err" | sed 's/^/    /'
	} >&2
	return 1
}

# On a machine that has other work, four times as long as what they are told is not too long.
vm_patience=4

# vm_wait_line NAME REGEX SECONDS: until a line of COMMAND's output matches (grep -E).
vm_wait_line() {
	local end=$((SECONDS + $3 * vm_patience))
	until grep -qE -- "$2" "$vm_dir/$1.out"; do
		if ! vm_alive "$1"; then
			# What it wrote between the look and its end counts.
			grep -qE -- "$2" "$vm_dir/$1.out" && return
			vm_complain "$1" "ended without a line '$2'" || return
		fi
		[ "$SECONDS" -lt "$end" ] || vm_complain "$1" "no line '$2' within $(($3 * vm_patience)) s" || return
		sleep 0.1
	done
}

# vm_wait_file NAME FILE SECONDS: until FILE (of this machine, as in a share) exists and is not empty.
vm_wait_file() {
	local end=$((SECONDS + $3 * vm_patience))
	until [ -s "$2" ]; do
		vm_alive "$1" || [ -s "$2" ] || vm_complain "$1" "ended without a file $2" || return
		[ "$SECONDS" -lt "$end" ] || vm_complain "$1" "no file $2 within $(($3 * vm_patience)) s" || return
		sleep 0.1
	done
}

# vm_wait NAME: until the guest ends by itself; its status is vm's.
vm_wait() {
	local status=0
	wait "${vm_pids[$1]}" || status=$?
	unset "vm_pids[$1]"
	return "$status"
}

# vm_stop NAME: ends it. That is no failure, whatever it was doing; its kernel log was not judged.
vm_stop() {
	[ -n "${vm_pids[$1]:-}" ] || return 0
	kill "${vm_pids[$1]}" 2>/dev/null || true
	wait "${vm_pids[$1]}" 2>/dev/null || true
	unset "vm_pids[$1]"
}

# A UDP port of this machine that nobody uses now.
vm_free_udp_port() {
	python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
