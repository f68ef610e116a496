#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Things that are called sysrq; variables as names of keys; statements in odd places.
. "$(dirname "$0")/nft-common.inc"
fresh

is "everything is called sysrq" "" nft 'add table inet sysrq; add chain inet sysrq sysrq;
add set inet sysrq sysrq { type ifname; elements = { sysrq }; };
add chain inet sysrq sysrq2;
add map inet sysrq sysrqs { type ifname : verdict; elements = { sysrq : jump sysrq2 }; };
add counter inet sysrq sysrq; add flowtable inet sysrq sysrq { hook ingress priority 0; };
add rule inet sysrq sysrq iifname @sysrq counter name sysrq sysrq comment "sysrq";
add rule inet sysrq sysrq iifname sysrq oifname { sysrq, lo } jump sysrq2;
add rule inet sysrq sysrq iifname . oifname { sysrq . sysrq } sysrq key "sysrq"'
is "and is still" 'iifname @sysrq counter name "sysrq" sysrq comment "sysrq"
iifname "sysrq" oifname { "lo", "sysrq" } jump sysrq2
iifname . oifname { "sysrq" . "sysrq" } sysrq key "sysrq"' \
	sh -c 'nft list chain inet sysrq sysrq | sed -n "/^\t\t/s/^\t\t//p"'
is "deleted by that name" "" nft 'flush chain inet sysrq sysrq; delete chain inet sysrq sysrq; delete table inet sysrq'
quoted=$(/usr/sbin/nft add table inet '"sysrq"' 2>&1)
point $? "a name in quotes is what it is for nft" "$quoted" nft add table inet '"sysrq"'
nft 'flush ruleset'
fresh

cat >vars.nft <<'END'
define name = ops
define quoted = "a.b"
define port = 9
define sysrq = sysrq
add rule inet filter input sysrq key $name; add rule inet filter input sysrq key $quoted silent
add rule inet filter input udp dport $port sysrq key $port
add rule inet filter input sysrq key $cmdline
add rule inet filter input iifname $sysrq sysrq key $sysrq
END
is "variables, also of the command line" "" nft -D cmdline=D -f vars.nft
is "hold names of keys" 'sysrq key "ops"
sysrq key "a.b" silent
udp dport 9 sysrq key "9"
sysrq key "D"
iifname "sysrq" sysrq key "sysrq"' rules
# nft 1.1 and later say more of it; the caret is what counts.
is "one that there is not" "add rule inet filter input sysrq key \$nope drop
                                      ^^^^" \
	sh -c 'nft "add rule inet filter input sysrq key \$nope drop" 2>&1 | tail -n 2'
fails "a name that nft would cut" \
	"Error: sysrq key: the name of a variable may hold only A-Z a-z 0-9 _ here
define a = x; define a-b = y; add rule inet filter input sysrq key \$a-b
                                                                   ^^^^" \
	nft 'define a = x; define a-b = y; add rule inet filter input sysrq key $a-b'
is "one that holds no name" "Error: sysrq: 'a b' is no name of a key" \
	sh -c 'nft "define b = \"a b\"; add rule inet filter input sysrq key \$b" 2>&1 | head -n 1'
is "one that holds a set" "refused" \
	sh -c 'nft "define b = { 1, 2 }; add rule inet filter input sysrq key \$b" >said 2>&1 || ! grep -aq "log\|sysrq:[-_A-Za-z0-9]" said && echo refused'
fails "no statement comes from a variable" "yes" \
	sh -c 'nft "define s = sysrq; add rule inet filter input \$s" >said 2>&1; rc=$?; ! grep -q "log" said && echo yes; exit $rc'
nft flush chain inet filter input

many=$(for i in $(seq 30); do printf 'sysrq key k%d ' "$i"; done)
is "thirty in a rule" "" nft "add rule inet filter input $many drop"
is "all are there" "$(echo "$many" | sed 's/key \([^ ]*\)/key "\1"/g')drop" rules
nft flush chain inet filter input
seq 3000 | sed 's/.*/add rule inet filter input udp dport & counter sysrq key k& drop/' >many.nft
is "three thousand rules" "" nft -f many.nft
# shellcheck disable=SC2016 # for the shell within
is "all are there, in order" "" sh -c 'nft -s list chain inet filter input |
	sed -n "s/^\t\tudp dport \([0-9]*\) counter sysrq key \"k\([0-9]*\)\" drop\$/\1 \2/p" >got;
	seq 3000 | sed "s/.*/& &/" | diff - got'
# shellcheck disable=SC2016 # for the shell within
is "and in JSON" 3000 sh -c 'nft -j list chain inet filter input | grep -o "{\"sysrq\": {\"key\": \"k[0-9]*\"}}" | wc -l'
nft flush ruleset
is "anonymous chains" 'table inet t {
	chain c {
		type filter hook input priority filter; policy drop;
		udp dport 9 jump {
			sysrq key "a"
			sysrq key "b" drop
		}
		ip saddr 10.0.0.1 goto {
			sysrq
		}
	}
}' sh -c 'nft "add table inet t; add chain inet t c { type filter hook input priority 0; policy drop;
	udp dport 9 jump { sysrq key a; sysrq key b drop; }; ip saddr 10.0.0.1 goto { sysrq; }; }" && nft list ruleset'
is "nothing of a carrier in their JSON" "" none 'log\|sysrq:' nft -j list ruleset
said=$(/usr/sbin/nft add rule inet t c udp dport vmap '{ 9 : notrack }' 2>&1 | head -n 1 | sed 's/notrack/string/')
is "no verdict of a map" "$said" sh -c "nft add rule inet t c udp dport vmap '{ 9 : sysrq }' 2>&1 | head -n 1"
end
