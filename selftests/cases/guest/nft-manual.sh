#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The examples of nft-sysrq(8) do what they say: each block is given to nft as it stands there.
. "$(dirname "$0")/nft-common.inc"
manual=/src/nft-plugin/nft-sysrq.8
fresh

n=$(awk '/^\.Sh /{ on = $2 == "EXAMPLES" } on && /^\.Bd /{ i++ } END { print i + 0 }' $manual)
is "there are examples" "yes" sh -c "[ $n -ge 6 ] && echo yes"
for i in $(seq "$n"); do
	awk -v n="$i" '/^\.Sh /{ on = $2 == "EXAMPLES" } on && /^\.Bd /{ i++; inside = 1; next }
		/^\.Ed/{ inside = 0 } inside && i == n' $manual >example
	form=-s
	! grep -q '^{' example || form=-j
	is "example $i" "" nft $form -f example
done
is "all rules are there" 'ct state established,related accept
udp dport 9 sysrq counter packets 0 bytes 0 drop
ip saddr 192.0.2.0/24 udp dport 9 sysrq key "ops" drop
icmp type echo-request sysrq drop
icmpv6 type echo-request sysrq drop
ip saddr { 192.0.2.7, 192.0.2.8 } udp dport 9 sysrq key "ops" silent drop
sysrq key "ops" silent drop' rules
is "also at ingress" 'udp dport 9 sysrq drop' sh -c 'nft list chain netdev early ingress | sed -n "/sysrq/s/^\t\t//p"'
end
