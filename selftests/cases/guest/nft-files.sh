#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Files, includes, variables, standard input; save and restore.
. "$(dirname "$0")/nft-common.inc"

mkdir inc
cat >main.nft <<'END'
#!/usr/sbin/nft -f
# sysrq key comment
define port = 9
define sysrq = ops
flush ruleset
include "./inc/*.nft"
table inet filter {
	set sysrq { type ipv4_addr; elements = { 10.0.0.1 }; }
	chain input {
		type filter hook input priority filter; policy accept;
		include "./fragment"
		udp dport $port sysrq # sysrq
		udp dport { 9,
			10 } sysrq key $sysrq ; sysrq key "q" \
			silent \
			drop
		ip saddr @sysrq jump sysrq
	}
	chain sysrq {
		log prefix "udp dport 9
sysrq"
	}
}
add rule inet filter sysrq sysrq key end
END
cat >inc/a.nft <<'END'
table inet filter {
	chain input { type filter hook input priority filter; policy accept; sysrq key included; }
}
END
cat >fragment <<'END'
sysrq key fragment
ip6 saddr fe80:: sysrq drop
END
want='table inet filter {
	set sysrq {
		type ipv4_addr
		elements = { 10.0.0.1 }
	}

	chain input {
		type filter hook input priority filter; policy accept;
		sysrq key "included"
		sysrq key "fragment"
		ip6 saddr fe80:: sysrq drop
		udp dport 9 sysrq
		udp dport { 9, 10 } sysrq key "ops"
		sysrq key "q" silent drop
		ip saddr @sysrq jump sysrq
	}

	chain sysrq {
		log prefix "udp dport 9
sysrq"
		sysrq key "end"
	}
}'
is "file with includes, variables, comments, names" "" nft -f main.nft
is "what it made" "$want" nft list ruleset
nft list ruleset >saved
is "restore" "" sh -c 'nft flush ruleset; nft -f saved'
is "is what was saved" "$want" nft list ruleset
nft -j list ruleset >saved.json
is "restore JSON" "" sh -c 'nft flush ruleset; nft -j -f saved.json'
is "is what was saved" "$want" nft list ruleset
is "standard input, a pipe" "" sh -c 'nft flush ruleset; cat main.nft | nft -f -'
is "is what was in it" "$want" nft list ruleset
is "JSON on standard input" "" sh -c 'nft flush ruleset; cat saved.json | nft -j -f -'
is "is what was in it" "$want" nft list ruleset
is "a named pipe" "" timeout 20 sh -c 'mkfifo pipe; cat main.nft >pipe & nft -f pipe'
printf 'flush ruleset\nadd table inet filter\n\tadd rule inet filter input sysrq key a tcp dport 99999\n' >bad.nft
fails "a file that fails" 'bad.nft:3:51-55: Error: Service out of range
	add rule inet filter input sysrq key a tcp dport 99999
	                                                 ^^^^^' nft -f bad.nft
is "changes nothing" "$want" nft list ruleset
end
