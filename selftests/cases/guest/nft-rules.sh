#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The statement on nft's command line, and in its listings.
. "$(dirname "$0")/nft-common.inc"
fresh

is "add rule" "" nft add rule inet filter input udp dport 9 sysrq
is "with a key, among other statements" "" \
	nft add rule inet filter input udp dport 9 counter sysrq key ops counter drop
is "with a quoted key, silent, between strings that look like it" "" \
	nft 'add rule inet filter input sysrq key "a.b-C_9" silent log prefix "sysrq " accept comment "sysrq key x"'
is "insert" "" nft insert rule inet filter input sysrq silent
is "check only" "" nft -c add rule inet filter input sysrq key never
is "list" 'sysrq silent
udp dport 9 sysrq
udp dport 9 counter packets 0 bytes 0 sysrq key "ops" counter packets 0 bytes 0 drop
sysrq key "a.b-C_9" silent log prefix "sysrq " accept comment "sysrq key x"' rules
is "list without state, numeric" 'sysrq silent
udp dport 9 sysrq
udp dport 9 counter sysrq key "ops" counter drop
sysrq key "a.b-C_9" silent log prefix "sysrq " accept comment "sysrq key x"' rules -s -n
handle=$(rules -a | sed -n 's/^udp dport 9 sysrq # handle //p')
is "replace by the handle that -a tells" "" \
	nft replace rule inet filter input handle "$handle" sysrq key other
is "replaced" "sysrq key \"other\" # handle $handle" sh -c "nft -a list chain inet filter input |
	sed -n 's/^\t\t//p' | grep 'handle $handle\$'"
is "delete" "" nft delete rule inet filter input handle "$handle"
is "in a ruleset, with anonymous chain and set" 'table ip t {
	chain c {
		ip saddr { 10.0.0.1, 10.0.0.2 } jump {
			sysrq
			sysrq key "k" drop
		}
	}
}' sh -c 'nft "flush ruleset; add table ip t; add chain ip t c;
add rule ip t c ip saddr { 10.0.0.1, 10.0.0.2 } jump { sysrq; sysrq key k drop; }" && nft list ruleset'
is "as libnftnl lists it for --debug" '  [ sysrq ]
  [ sysrq key "k" ]' sh -c "nft --debug=netlink list ruleset | grep -w sysrq | grep '\\['"
end
