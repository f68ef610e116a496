#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each processor has its pulse: from the module's first moment to its last, and as processors come and go.
# What it is good for, a machine in trouble shows: ../outside/deaf-card, and selftests/wedged.
set -uo pipefail
. "$(dirname "$(readlink -f "$0")")/../../lib/tap.sh"

pulses() { grep -c 'beat_fn \[nft_sysrq\]' /proc/timer_list; }
cpus=$(nproc --all)
last=/sys/devices/system/cpu/cpu$((cpus - 1))/online

# want N TEXT: the list is not read at one moment, and may have one twice that begins anew meanwhile
want() {
	local got
	for _ in 1 2 3 4 5; do
		got=$(pulses)
		[ "$got" != "$1" ] || break
	done
	[ "$got" = "$1" ]
	result $? "$2" "$got pulses"
}

[ "$cpus" -ge 2 ]
result $? "there are $cpus processors"
want "$cpus" "each has a pulse"
echo 0 >"$last"
want $((cpus - 1)) "one that goes offline has none"
rmmod nft_sysrq
want 0 "without the module nobody has"
modprobe nft_sysrq
want $((cpus - 1)) "with it, who is there"
echo 1 >"$last"
want "$cpus" "and who comes"
rmmod nft_sysrq && modprobe nft_sysrq
want "$cpus" "also after a reload"
done_testing
