#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# sysrqctl rule add, list and del, without nft: nft with the plugin shows what they made, and requests
# pass; what is refused says why, and changes nothing.
. "$(dirname "$0")/nft-common.inc"
fresh
ip link set lo up
umask 077
sysrqctl key gen >ops.key
sysrqctl key set ops --file ops.key 2>/dev/null
add() { sysrqctl rule add "$@"; }

is "add" "" add
is "with all matches" "" add --iface eth0 --from 10.1.0.0/20 --port 77 --key ops --silent
is "first" "" add --first --port 78
is "IPv6" "" add --from fd00::/9
is "one address" "" add --from fd00::7
first=$(nft -a list chain inet filter input | sed -n 's/.*dport 78.* handle //p')
is "after" "" add --after "$first" --port 79
is "before" "" add --before "$first" --port 80
is "pings: two rules" "" add --icmp --key ops
is "pings from one" "" add --icmp --from 10.0.0.1
is "nft shows the same" 'udp dport 80 sysrq drop
udp dport 78 sysrq drop
udp dport 79 sysrq drop
udp dport 9 sysrq drop
iifname "eth0" ip saddr 10.1.0.0/20 udp dport 77 sysrq key "ops" silent drop
ip6 saddr fd00::/9 udp dport 9 sysrq drop
ip6 saddr fd00::7 udp dport 9 sysrq drop
icmp type echo-request sysrq key "ops" drop
icmpv6 type echo-request sysrq key "ops" drop
ip saddr 10.0.0.1 icmp type echo-request sysrq drop' rules
nft add rule inet filter input tcp dport 22 counter accept
nft 'add rule inet filter input udp dport { 9, 10 } counter sysrq log prefix "x" accept'
is "list" 'inet filter input: udp dport 80 sysrq drop
inet filter input: udp dport 78 sysrq drop
inet filter input: udp dport 79 sysrq drop
inet filter input: udp dport 9 sysrq drop
inet filter input: iifname "eth0" saddr 10.1.0.0/20 udp dport 77 sysrq key "ops" silent drop
inet filter input: saddr fd00::/9 udp dport 9 sysrq drop
inet filter input: saddr fd00::7 udp dport 9 sysrq drop
inet filter input: icmp type echo-request sysrq key "ops" drop
inet filter input: icmpv6 type echo-request sysrq key "ops" drop
inet filter input: saddr 10.0.0.1 icmp type echo-request sysrq drop
inet filter input: udp [lookup] counter sysrq [log] accept' \
	sh -c "sysrqctl rule list | sed 's/ handle [0-9]*:/:/'"
is "list --json" "11 inet filter input $first udp dport 78 sysrq drop" \
	sh -c 'sysrqctl rule list --json | python3 -c "
import json, sys
r = json.load(sys.stdin)
print(len(r), *r[1].values())"'
is "del" "" sysrqctl rule del "$first"
other=$(nft -a list chain inet filter input | sed -n 's/.*dport 22.* handle //p')
is "never another rule" "sysrqctl rule del: inet filter input handle $other: no rule with sysrq; 'sysrqctl rule list' tells them
2" sh -c "sysrqctl rule del $other; echo \$?"

# refused WHAT WORDS COMMAND...: status 2, one line, and no rule more
refused() {
	r_what=$1 r_want=$2
	shift 2
	r_before=$(nft list ruleset)
	is "$r_what" "$r_want
2" sh -c '"$@"; echo $?' sh "$@"
	[ "$(nft list ruleset)" = "$r_before" ] || bad=$((bad + 1))
}
refused "no such chain" "sysrqctl rule add: rule in inet filter nope: no such table, chain or handle" \
	sysrqctl rule add --chain nope
refused "no such rule to stand before" "sysrqctl rule add: rule in inet filter input: no such table, chain or handle" \
	sysrqctl rule add --before 4711
nft 'add chain inet filter out { type filter hook output priority 0; }'
refused "another hook" "sysrqctl rule add: rule in inet filter out: only in chains of type filter, at hook input, or ingress of inet and netdev" \
	sysrqctl rule add --chain out
refused "not root" "sysrqctl rule add: rule in inet filter input: not permitted; only root may, and in no user namespace" \
	setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all sysrqctl rule add

# Requests pass, in each family and at each hook.
via=
passes() {
	p_what=$1 p_line=$2 p_to=$3
	shift 3
	$via sysrqctl send --key ops.key --timeout 5s "$@" "$p_to" h >said 2>&1
	p_status=$?
	is "$p_what" "$p_line 0" echo "$(sysrqctl rule list | sed 's/ handle [0-9]*:/:/') $p_status"
}
nft 'flush ruleset; add table ip a; add chain ip a c { type filter hook input priority -5; }'
sysrqctl rule add --family ip --table a --chain c --from 127.0.0.0/8 --iface lo
passes "family ip" 'ip a c: iifname "lo" saddr 127.0.0.0/8 udp dport 9 sysrq drop' 127.0.0.1
nft 'flush ruleset; add table ip6 a; add chain ip6 a c { type filter hook input priority 0; }'
sysrqctl rule add --family ip6 --table a --chain c --icmp --key ops
passes "family ip6, pings" 'ip6 a c: icmpv6 type echo-request sysrq key "ops" drop' ::1 --icmp
# The loopback has no ingress worth the name: a neighbour asks.
ip netns add rules-peer
ip link add toward type veth peer name eth0 netns rules-peer
ip addr add 10.9.0.1/24 dev toward
ip link set toward up
ip -n rules-peer addr add 10.9.0.2/24 dev eth0
ip -n rules-peer link set eth0 up
via="ip netns exec rules-peer"
nft 'flush ruleset; add table netdev a; add chain netdev a c { type filter hook ingress device toward priority 0; }'
sysrqctl rule add --family netdev --table a --chain c --port 99 --from 10.9.0.2
passes "family netdev" 'netdev a c: saddr 10.9.0.2 udp dport 99 sysrq drop' 10.9.0.1 --port 99
nft 'flush ruleset; add table inet a; add chain inet a c { type filter hook ingress device toward priority 0; }'
sysrqctl rule add --table a --chain c --icmp --iface toward
passes "family inet, ingress, pings" 'inet a c: iifname "toward" icmp type echo-request sysrq drop
inet a c: iifname "toward" icmpv6 type echo-request sysrq drop' 10.9.0.1 --icmp
ip netns del rules-peer
sysrqctl key del ops
end
