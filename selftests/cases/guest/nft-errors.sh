#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What is wrong, in terms of what was typed: file, line, column, carets.
. "$(dirname "$0")/nft-common.inc"
fresh

fails "an option that there is not, as nft says it of its own" \
	"Error: No symbol type information
add rule inet filter input sysrq keyy ops drop
                                 ^^^^" \
	nft add rule inet filter input sysrq keyy ops drop
fails "no name" "Error: sysrq key: a name is missing
add rule inet filter input udp dport 9 sysrq key
                                             ^^^" \
	nft add rule inet filter input udp dport 9 sysrq key
fails "a keyword for a name" \
	"Error: sysrq key: a name is missing, or is a keyword and must stand in quotes
add rule inet filter input sysrq key drop
                                     ^^^^" nft add rule inet filter input sysrq key drop
fails "a bad name" \
	'Error: a key name is 1 to 31 of A-Z a-z 0-9 . _ - and does not begin with -
add rule inet filter input sysrq key "a b" drop
                                     ^^^^^' nft 'add rule inet filter input sysrq key "a b" drop'
fails "an option of the carrier" "Error: syntax error, unexpected prefix
add rule inet filter input sysrq prefix drop
                                 ^^^^^^" nft add rule inet filter input sysrq prefix drop
fails "an error behind the statement" \
	"Error: Service out of range
add rule inet filter input   sysrq key  ops tcp dport 99999
                                                      ^^^^^" \
	nft 'add rule inet filter input   sysrq key  ops tcp dport 99999'
nft 'add chain inet filter out { type filter hook output priority 0; }'
fails "what the kernel refuses: another hook" \
	"Error: Could not process rule: Operation not supported
add rule inet filter out udp dport 9 sysrq key ops drop
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^" \
	nft add rule inet filter out udp dport 9 sysrq key ops drop
printf 'table inet filter {\n\tchain input {\n\t\tsysrq key ops\tnope drop\n\t}\n}\n' >e.nft
printf 'include "./e.nft"\n' >i.nft
text='e.nft:3:22-25: Error: syntax error, unexpected drop
		sysrq key ops	nope drop
		             	     ^^^^'
fails "in a file" "$text" nft -f e.nft
fails "in an included file" "In file included from i.nft:1:1-18:
./$text" nft -f i.nft
fails "on standard input" "/dev/stdin${text#e.nft}" sh -c 'nft -f - <e.nft'
printf '{"nftables": [{"add": {"rule": {"family": "inet", "table": "filter", "chain": "input",
"expr": [{"sysrq": {"key": "-x"}}]}}}]}' >e.json
fails "in JSON" "Error: Invalid sysrq statement: a key name is 1 to 31 of A-Z a-z 0-9 . _ - and does not begin with -" \
	nft -j -f e.json
is "nothing came of all that" "" rules

# What might have stood there, where nft says that.
expected() { "$@" 2>&1 </dev/null | sed -n 's/^expected any of: //p' | grep -o "$wanted" | paste -sd' '; }
wanted='\(log\|sysrq\|silent\|key\|snaplen\|queue-threshold\)\b'
if nft add rule inet filter input log snaplen 2>&1 | grep -q '^expected any of'; then
	is "after the statement: its options, and the next statement" "log sysrq key silent" \
		expected nft add rule inet filter input sysrq ==
	is "after its key: silent" "log sysrq silent" \
		expected nft add rule inet filter input sysrq key ops ==
	is "after all it can have: none" "log sysrq" \
		expected nft add rule inet filter input sysrq key ops silent ==
	is "nothing was expected where a name is missing" "" \
		expected nft add rule inet filter input sysrq key
	is "where no sysrq stands, nft's own words" "$(wanted=. expected /usr/sbin/nft add rule inet filter input log ==)" \
		eval 'wanted=. && expected nft add rule inet filter input log =='
fi
end
