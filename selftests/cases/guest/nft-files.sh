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
add rule inet filter sysrq sysrq key last
END
cat >inc/a.nft <<'END'
table inet filter { chain input { sysrq key included; }; }
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
		sysrq key "last"
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
is "a named pipe" "" sh -c 'mkfifo pipe; cat main.nft >pipe & nft -f pipe'
printf 'flush ruleset\nadd rule inet filter input sysrq key never\n' >bad.nft
fails "a file that fails" 'bad.nft:2:10-15: Error: No such file or directory
add rule inet filter input sysrq key never
         ^^^^^^' sh -c "nft -f bad.nft 2>&1 |
	sed 's/Could not process rule: //; s/; did you mean.*//'; nft -f bad.nft >/dev/null 2>&1"
is "changes nothing" "$want" nft list ruleset
end
