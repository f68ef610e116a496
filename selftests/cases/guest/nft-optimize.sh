#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# nft -o merges other rules, and leaves rules with sysrq as they are.
. "$(dirname "$0")/nft-common.inc"

cat >o.nft <<'END'
flush ruleset
table inet filter {
	chain input {
		type filter hook input priority filter; policy accept;
		udp dport 7 drop
		udp dport 8 drop
		udp dport 9 sysrq key a log prefix "x " drop
		udp dport 10 sysrq key b log prefix "x " drop
		udp dport 11 log prefix "x " drop
		udp dport 12 sysrq
		udp dport 13 sysrq
		sysrq udp dport 14 accept
		udp dport 15 sysrq accept
		ip saddr 10.0.0.1 accept
		ip saddr 10.0.0.2 accept
	}
}
END
want='udp dport { 7, 8 } drop
udp dport 9 sysrq key "a" log prefix "x " drop
udp dport 10 sysrq key "b" log prefix "x " drop
udp dport 11 log prefix "x " drop
udp dport 12 sysrq
udp dport 13 sysrq
sysrq udp dport 14 accept
udp dport 15 sysrq accept
ip saddr { 10.0.0.1, 10.0.0.2 } accept'
# With statements of nft's own that its optimizer does not know either, it says the same.
sed 's/sysrq key \([ab]\)/limit rate 1\/second/; s/sysrq/limit rate 2\/second/' o.nft >stock.nft
said() { "$@" 2>&1 >/dev/null | grep '^Merging\|^into\|: .*\(drop\|accept\)$' | sed 's/^[^:]*:[0-9]*//'; }

is "from a file" "" sh -c 'nft -o -f o.nft >said 2>&1'
is "is right" "$want" rules
is "nothing is said of rules with sysrq, nor of carriers" "" none 'sysrq\|"x "\|quota' cat said
is "what is said of others is nft's own" "$(said /usr/sbin/nft -o -c -f stock.nft)" said nft -o -c -f o.nft
is "from standard input" "" sh -c 'nft flush ruleset; nft -o -f - <o.nft >said 2>&1'
is "is right" "$want" rules
is "debugged" "" none 'quota\|objref\|sysrq:' nft -o -c --debug=netlink,mnl -f o.nft
# A rule by its place stands in nft's cache as it was read, and is listed from there.
nft flush ruleset
nft -f o.nft
printf 'add rule inet filter input index 0 sysrq key z drop\nlist ruleset\n' >listed.nft
is "listed in the same run" "" none 'quota\|sysrq:' nft -o -c -f listed.nft
is "listed in the same run, as JSON" "" none 'quota\|sysrq:' nft -o -c -j -f listed.nft
sed 's/13 sysrq/13 sysrq ip ttl 999/' o.nft >bad.nft
fails "an error behind the statement" 'bad.nft:11:29-31: Error: Value 999 exceeds valid range 0-255
		udp dport 13 sysrq ip ttl 999
		                          ^^^' nft -o -f bad.nft
end
