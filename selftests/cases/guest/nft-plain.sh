#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What has nothing of ours passes through the wrapper as if it were not there.
. "$(dirname "$0")/nft-common.inc"
real=/usr/sbin/nft

cat >plain.nft <<'END'
table inet sysrq {
	set names { type ifname; elements = { "sysrq", "lo" }; }
	chain sysrq { counter accept comment "sysrq"; }
	chain input {
		type filter hook input priority 0; policy accept;
		iifname "sysrq" log prefix "sysrq:0011223344556677:-:" level debug
		iifname @names jump sysrq
		udp dport vmap { 9 : accept, 10 : drop }
	}
}
END
printf 'table inet t {\n\tchain c {\n\t\tlog prefix "x" nope drop\n\t}\n}\n' >bad.nft

# same WHAT ARGUMENT...: with and without the wrapper
same() {
	what=$1
	shift
	text=$($real "$@" 2>&1 </dev/null)
	point $? "same with and without: $what" "$text" nft "$@"
}

is "the wrapper is what PATH finds, and is not the real one" yes \
	sh -c "[ \"\$(command -v nft)\" != $real ] && ! [ \"\$(command -v nft)\" -ef $real ] && echo yes"
is "names called sysrq" "" nft -f plain.nft
same "list" -a list ruleset
same "JSON" -j list ruleset
same "an error" -f bad.nft
same "--version" --version
same "a usage error" --nope
$real list ruleset >saved
is "saved by the real one, restored by ours" "" sh -c 'nft flush ruleset && nft -f saved'
is "is the same" "$(cat saved)" nft list ruleset
end
