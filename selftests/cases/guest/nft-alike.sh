#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The statement beside one of nft's own: each command is given to the real nft with `log prefix "aa"` and to ours
# with `sysrq key "aaa"`, which is as long. Status and all that is said are the same, but for the statement.
. "$(dirname "$0")/nft-common.inc"

theirs='log prefix "aa"' ours='sysrq key "aaa"'
theirs_json='{"log": {"prefix": "aa"}}' ours_json='{"sysrq": {"key": "aaa"}}'
system=/usr/sbin:/usr/bin:/sbin:/bin
mkdir ours theirs

# as_ours: what the real nft says, as it would say it of our statement
as_ours() {
	sed "s/$theirs/$ours/g; s/$theirs_json/$ours_json/g; s/\[ log prefix aa\( level 4\)* \]/[ $ours ]/"
}

# file NAME: standard input, in which STMT stands for the statement, and JSON for its JSON
file() {
	sed "s/STMT/$theirs/g; s/JSON/$theirs_json/g" >"theirs/$1"
	as_ours <"theirs/$1" >"ours/$1"
}

# What differs from run to run: handles of tables, processes, the order of elements in the kernel.
handles() {
	sed '/^# new generation/d; /^[[:blank:]]*element /d
		s/handle [0-9]*/handle N/g; s/"handle": [0-9]*/"handle": N/g'
}

# said FOLDER PATH COMMAND: from a ruleset that is base.nft's
said() {
	(cd "$1" && PATH=$2 && nft -f base.nft && sh -c "$3") >said 2>&1 </dev/null
	s_rc=$?
	handles <said
	return $s_rc
}

# alike WHAT COMMAND: in either folder
alike() {
	a_command=$(printf '%s\n' "$2" | sed "s/STMT/$theirs/g")
	a_want=$(said theirs "$system" "$a_command")
	a_status=$?
	# Else it would say nothing about ours.
	a_seen=$(printf '%s\n' "$a_want" | grep -c "$theirs\|$theirs_json\|\[ log prefix aa ")
	[ "$a_seen" -gt 0 ] || a_status=unseen
	a_want=$(printf '%s\n' "$a_want" | as_ours)
	point "$a_status" "$1" "$a_want" said ours "/usr/local/sbin:$system" "$(printf '%s\n' "$a_command" | as_ours)"
}

file base.nft <<'END'
flush ruleset
table inet filter {
	set names { type ifname; elements = { "lo", "eth0" }; }
	set timed { type ipv4_addr; flags dynamic, timeout; timeout 1h; }
	map kinds { type inet_service : verdict; elements = { 7 : drop, 9 : accept }; }
	counter hits { }
	chain other { STMT comment "sysrq"; counter name "hits" STMT return; }
	chain input {
		type filter hook input priority filter + 5; policy accept;
		udp dport 9 STMT counter packets 3 bytes 4 drop comment "x"
		ip saddr { 10.0.0.1, 10.0.0.2 } STMT
		iifname @names STMT tcp dport vmap { 22 : accept, 23 : drop }
		udp sport vmap { 7 : jump other } STMT
		udp dport vmap @kinds STMT
		STMT update @timed { ip saddr timeout 5m } meta mark set 5 STMT
		meta skuid 0 tcp flags & (fin | syn) == syn meta l4proto tcp STMT
	}
}
END

alike "lists" 'for options in "" -a -s -n -nn -y -t -N -S -u -p -T "-a -s -n -y -t" -j "-j -a" "-j -s" "-j -t" "-j -n -y"; do
	echo "== $options"
	nft $options list ruleset
done'
alike "lists of less" 'for what in "table inet filter" "chain inet filter other" "ruleset inet" "chains; list chain inet filter input"; do
	nft "list $what"
done'
alike "reset rules, where nft can" "nft -j reset rules; nft reset rules; nft list chain inet filter other"

file add.json <<'END'
{"nftables": [{"add": {"rule": {"family": "inet", "table": "filter", "chain": "other", "comment": "sysrq",
"expr": [JSON, {"counter": null}, JSON, {"drop": null}]}}},
{"insert": {"rule": {"family": "inet", "table": "filter", "chain": "other", "expr": [{"match": {"op": "==",
"left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": {"set": [9, 10]}}}, JSON]}}}]}
END
alike "JSON: add, insert" "nft -j -f add.json && nft list ruleset"
alike "JSON with echo" "nft -j -e -f add.json"
alike "JSON, only checked" "nft -c -j -f add.json && nft -j list chain inet filter other"
handle="\$(nft -a list chain inet filter other | sed -n 's/.*comment \"sysrq\" # handle //p')"
file replace.json <<'END'
{"nftables": [{"replace": {"rule": {"family": "inet", "table": "filter", "chain": "other", "handle": 4711,
"expr": [{"accept": null}, JSON]}}}, {"delete": {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": 4712}}}]}
END
alike "JSON: replace, delete" "first=$handle; last=\$(nft -a list chain inet filter input | sed -n 's/.*skuid.*handle //p')
	sed \"s/4711/\$first/; s/4712/\$last/\" replace.json >now.json; nft -j -f now.json; nft list ruleset"
alike "JSON that is wrong" "sed 's/dport/nope/' add.json >wrong.json; nft -j -f wrong.json
	nft list chain inet filter other"
alike "saved and restored as JSON" "nft -j list ruleset >all.json; nft flush ruleset; nft -j -f all.json; nft -a list ruleset"
alike "replace, insert, delete" "handle=$handle; nft replace rule inet filter other handle \$handle tcp dport 1 STMT accept
	nft -e -a insert rule inet filter other index 0 'STMT comment \"i\"'; nft add rule inet filter other position \$handle STMT
	nft -a delete rule inet filter other handle \$handle; nft -a list ruleset"
alike "only checked" "nft -c -f base.nft; nft -c insert rule inet filter input STMT; nft list ruleset"
alike "echo" "nft -e add rule inet filter other STMT; nft -e -j add rule inet filter other STMT; nft -e -f base.nft"
alike "what libnftnl makes of it" "nft -c --debug=netlink -f base.nft; nft --debug=netlink list ruleset"
# What goes past the output stream, as that of proto-ctx does, keeps no order with what goes there.
alike "what is evaluated" "for debug in netlink proto-ctx segtree; do
	nft -c --debug=\$debug 'add rule inet filter other tcp dport { 1, 2 } STMT accept'
done"

# Included files: by name, pattern and folder, along -I, and one within another.
mkdir -p ours/inc/deep theirs/inc/deep
file inc/a.nft <<'END'
define port = 9
include "./inc/deep/*.nft"
END
file inc/deep/one.nft <<'END'
redefine port = 11
table inet filter { chain other { udp dport $port STMT; }; }
END
file inc/deep/two.nft <<'END'
undefine port
define ports = { 1, 2,
	3 }
add rule inet filter other tcp dport $ports STMT \
	counter
END
file inc/deep/last.inc <<'END'
STMT udp sport 5
END
file main.nft <<'END'
#!/usr/sbin/nft -f
include "a.nft"
include "./inc/nothing*"
table inet filter {
	chain other {
		include "./inc/deep/last.inc"
		STMT # STMT
	}
}
END
alike "includes" "nft -I inc -f main.nft && nft list ruleset"
alike "includes that are not found" "nft list chain inet filter other; nft -f main.nft"
echo 'include "./inc/deep/"' >theirs/folder.nft
cp theirs/folder.nft ours/
alike "a folder that is included" "nft list chain inet filter other; nft -f folder.nft; nft list chain inet filter input"
alike "a folder for a file" "nft list chain inet filter other; nft -f inc"
alike "included from standard input" "nft -I inc -f - <main.nft; nft list ruleset"
alike "a here document" "nft -D mark=5 -f - <<-END
	add rule inet filter other meta mark \\\$mark STMT
	END
	nft -D mark=6 -f - <<-END
	define name = \\\$mark
	add rule inet filter other meta mark \\\$name STMT
	END
	nft -D mark=7 -f /dev/stdin <<-'END'
	add rule inet filter other meta mark \$mark STMT
	END
	nft list ruleset"

# Errors, in what is included and in what has many lines.
wrong() { # WHAT NAME: standard input in a file of that name, in several ways
	file "$2"
	printf 'add rule inet filter other counter\n\tinclude "./%s"\n' "$2" | file outer.nft
	printf '\n# STMT\n\n  include "./out*.nft"\n' | file outmost.inc
	alike "$1" "nft -f $2; echo \$?; nft -f - <$2; echo \$?; nft -f outmost.inc; echo \$?
		nft \"\$(cat $2)\"; echo \$?; nft list chain inet filter other"
}
wrong "a value, behind the statement" value.nft <<'END'
# a comment
add rule inet filter other STMT counter
	add rule inet filter other ip saddr 10.0.0.1	STMT tcp dport 99999 STMT
END
wrong "two values, in a block" block.nft <<'END'
table inet filter {
	set s { type ipv4_addr; elements = { 10.0.0.7, 10.0.0.8 }; }
	chain other {
		ip saddr @s STMT; STMT udp dport 99999; STMT
		# STMT
		ip ttl 999 STMT drop
	}
}
END
wrong "a word, before and behind" word.nft <<'END'
add rule inet filter other STMT counter accept
add rule inet filter other tcp dport nope STMT accept
END
wrong "syntax" syntax.nft <<'END'
table inet filter {
	chain other {
		STMT counter STMT
		tcp dport 5 STMT STMT drop )
	}
}
END
wrong "over several lines" lines.nft <<'END'
add rule inet filter other ip saddr { 10.0.0.1,
	10.0.0.2 } STMT \
	tcp dport 99999 \
		STMT drop
END
wrong "no such variable" variable.nft <<'END'
define there = 5
add rule inet filter other STMT tcp dport $there udp dport $nope STMT
END
wrong "no such chain" chain.nft <<'END'
add rule inet filter nope ip saddr 10.0.0.1 STMT
END
{
	printf 'add rule inet filter other ip saddr { 10.0.0.1'
	seq 700 | awk '{ printf ", 10.1.%d.%d", $1 / 250, $1 % 250 }'
	printf ' } STMT tcp dport 99999 STMT\n'
} >long
wrong "a line of 8 KiB" long.nft <long
sed 's/tcp dport 99999/counter/' theirs/long.nft >theirs/longer.nft
as_ours <theirs/longer.nft >ours/longer.nft
alike "which is taken when it is right" "nft -f longer.nft && nft list ruleset"

# Typed.
cat >theirs/typed <<END
add rule inet filter other $theirs \\
  counter drop
list chain inet filter other
add rule inet filter other $theirs tcp dport 99999
add rule inet filter other $theirs \\
  tcp dport 99999
quit
END
as_ours <theirs/typed >ours/typed
alike "interactive" "nft -i -a -n -y -e <typed; nft list chain inet filter other"

# What others are told of changes. A listener listens once it has told of a table.
cat >ours/watch <<'END'
rm -f text handles json
nft monitor >text 2>&1 & listeners=$!
nft -a -s -n monitor >handles 2>&1 & listeners="$listeners $!"
nft -j monitor >json 2>&1 & listeners="$listeners $!"
trap 'kill $listeners 2>/dev/null' EXIT
# wait_for TABLE: in all three, for half a minute at most
wait_for() {
	tries=0
	until grep -qs "$1" text && grep -qs "$1" handles && grep -qs "$1" json; do
		tries=$((tries + 1))
		[ $tries -lt 150 ] || exit
		[ "$1" = last ] || nft "add table ip $1; delete table ip $1"
		sleep 0.2
	done
}
wait_for first
. ./changes
nft 'add table ip last'
wait_for last
cat text handles json | sed '/first/d; /^# new generation/d'
END
cp ours/watch theirs/watch
file changes <<'END'
nft 'add rule inet filter other STMT counter drop'
nft 'insert rule inet filter other udp dport 7 STMT'
handle=$(nft -a list chain inet filter other | sed -n 's/.*dport 7 .*handle //p')
nft "replace rule inet filter other handle $handle udp dport 8 STMT"
nft "delete rule inet filter other handle $handle"
nft -f base.nft
nft 'flush chain inet filter other'
END
alike "monitors" "sh watch"
end
