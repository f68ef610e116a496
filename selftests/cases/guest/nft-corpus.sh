#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Rules without sysrq pass the plugin byte for byte: rules of our own, and some of nftables' own tests if
# selftests/build got hold of them. All of those: selftests/corpus.
. "$(dirname "$0")/nft-common.inc"
corpus=/src/selftests/lib/corpus

# compared WANT-STATUS WANT-LINE WHAT SCRIPT
compared() {
	points=$((points + 1))
	text=$("$corpus/compare.sh" "$4" 2>&1)
	status=$?
	if [ "$status" = "$1" ] && printf '%s\n' "$text" | grep -qE "$2"; then
		echo "ok $points - $3: $(printf '%s\n' "$text" | grep -E "$2" | head -n 1)"
		return
	fi
	bad=$((bad + 1))
	echo "not ok $points - $3"
	printf '%s\n' "status $status" "$text" | sed 's/^/# /'
}

python3 -B "$corpus/rules.py" "$corpus/own" >own.script 2>/dev/null
# The figures must be such that something was done, and of ours something refused.
compared 0 '^1 files, [0-9]{3,} commands, [0-9]{2,} of them refused, [0-9]{4,} writes' \
	"rules of our own" "$PWD/own.script"
[ ! -r /usr/lib/nftables-tests/script ] ||
	compared 0 '^[0-9]+ files, [0-9]{3,} commands, [0-9]+ of them refused, [0-9]{4,} writes' \
		"some of nftables' own rules" /usr/lib/nftables-tests/script

# What must make a difference: else nothing above says anything.
record() { printf '%s %d\n%s\n' "$1" "${#2}" "$2"; }
{
	record run 'add table ip t; add chain ip t c'
	record run 'add rule ip t c udp dport 9 sysrq'
} >ours.script
compared 1 '^< line [0-9]+, column 1: Error: syntax error' "a rule with sysrq is seen to differ" "$PWD/ours.script"
{
	record run 'add table ip t; add chain ip t c'
	record run 'add rule ip t c log prefix "a"; list ruleset'
} >same.script
compared 0 'commands, 0 of them refused' "the same without it is not" "$PWD/same.script"
end
