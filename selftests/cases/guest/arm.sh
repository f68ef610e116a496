#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# sysrqctl arm and disarm: a table of the tool's own, beside whatever firewall there is, that takes
# requests also where connection tracking has no room; and never somebody else's table.
. "$(dirname "$0")/nft-common.inc"
ip link set lo up
umask 077
sysrqctl key gen >ops.key
sysrqctl key set ops --file ops.key 2>/dev/null
via=
ask() { $via sysrqctl send --key ops.key --timeout 2s "$@" h >said 2>&1; echo "$?"; }

is "disarm where nothing is" "" sysrqctl disarm
is "arm" "" sysrqctl arm
table='table inet sysrq {
	comment "by sysrqctl arm"
	chain untracked {
		type filter hook prerouting priority -310; policy accept;
		udp dport 9 notrack
	}

	chain requests {
		type filter hook input priority -310; policy accept;
		udp dport 9 sysrq drop
	}
}'
shown() { nft list table inet sysrq | sed 's/priority raw - 10/priority -310/'; }
is "nft shows the table" "$table" shown
is "a request passes" 0 ask 127.0.0.1
is "of IPv6, too" 0 ask ::1
is "arm again" "" sysrqctl arm
is "is the same" "$table" shown
is "arm otherwise" "" sysrqctl arm --icmp --iface lo --key ops
is "replaces it" 'iifname "lo" meta nfproto ipv4 icmp type echo-request meta length 122 notrack
iifname "lo" meta nfproto ipv6 icmpv6 type echo-request meta length 142 notrack
iifname "lo" icmp type echo-request sysrq key "ops" drop
iifname "lo" icmpv6 type echo-request sysrq key "ops" drop' \
	sh -c 'nft list table inet sysrq | sed -n "s/^\t\tiif/iif/p" |
	sed "/notrack/{/nfproto/!{s/ icmp type/ meta nfproto ipv4 icmp type/;s/ icmpv6 type/ meta nfproto ipv6 icmpv6 type/}}"'
is "pings pass" 0 ask --icmp 127.0.0.1
is "of IPv6, too" 0 ask --icmp ::1
is "ping is answered as ever" 0 sh -c 'ping -c 1 -W 2 127.0.0.1 >/dev/null; echo $?'
is "disarm" "" sysrqctl disarm
fails "it is gone" "" sh -c '! nft list tables | grep sysrq || exit 0; exit 1'
is "once more is no error" "" sysrqctl disarm

# A firewall that knows nothing of it, drops all, and tracks connections, of which there are too many.
# A neighbour asks, as this side's own packets would find no room, either.
ip netns add arm-peer
ip link add toward type veth peer name eth0 netns arm-peer
ip addr add 10.9.0.1/24 dev toward
ip -6 addr add fd09::1/64 dev toward nodad
ip link set toward up
ip -n arm-peer addr add 10.9.0.2/24 dev eth0
ip -n arm-peer -6 addr add fd09::2/64 dev eth0 nodad
ip -n arm-peer link set eth0 up
via="ip netns exec arm-peer"
fresh
nft 'add rule inet filter input ct state established accept;
     add rule inet filter input icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; add rule inet filter input udp dport 9 sysrq drop;
     add rule inet filter input drop'
max=$(nsenter -t 1 -n cat /proc/sys/net/netfilter/nf_conntrack_max)
full() { # N: so many fit
	nsenter -t 1 -n sysctl -qw net.netfilter.nf_conntrack_max="$1"
}
for port in 1 2 3; do
	conntrack -I -p udp -s 192.0.2.1 -d 192.0.2.2 --sport $port --dport 7 -t 600 \
		-u SEEN_REPLY,ASSURED >/dev/null 2>&1
done
is "a rule among the firewall's own takes a request" 0 ask 10.9.0.1
full 1
is "but not where connection tracking is full: these tests can tell" 3 ask 10.9.0.1
sysrqctl arm
is "armed, it passes" 0 ask 10.9.0.1
is "of IPv6, too" 0 ask fd09::1
sysrqctl arm --icmp
is "and by ping" 0 ask --icmp 10.9.0.1
sysrqctl arm --port 77 --from 10.9.0.2/31 --iface toward
is "from a neighbour, by one interface, at another port" 0 ask --port 77 10.9.0.1
is "not at the usual one" 3 ask 10.9.0.1
sysrqctl arm --from 10.9.0.4/30
is "nor from elsewhere" 3 ask 10.9.0.1
sysrqctl arm --from fd09::/64
is "from a network of IPv6" 0 ask fd09::1
full "$max"
is "the firewall is as it was" 4 sh -c 'nft list table inet filter | grep -cE "^		(type|ct|udp|drop)"'
ip netns del arm-peer
is "flush ruleset takes it away" "" sh -c 'nft flush ruleset; nft list tables'

# Somebody else's.
nft 'add table inet sysrq; add chain inet sysrq c'
theirs="there is a table inet sysrq that sysrqctl arm has not made; it is left alone"
is "another's table of that name: arm" "sysrqctl arm: $theirs
2" sh -c 'sysrqctl arm; echo $?'
is "disarm" "sysrqctl disarm: $theirs
2" sh -c 'sysrqctl disarm; echo $?'
is "it is left alone" 'table inet sysrq {
	chain c {
	}
}' nft list ruleset
is "not root" "sysrqctl disarm: table inet sysrq: not permitted; only root may, and in no user namespace
2" sh -c 'setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all sysrqctl disarm; echo $?'
sysrqctl key del ops
end
