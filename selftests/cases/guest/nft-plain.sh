#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What has nothing of ours passes through the wrapper as if it were not there.
. "$(dirname "$0")/nft-common.inc"
real=/usr/sbin/nft

cat >plain.nft <<'END'
table inet sysrq {
	set names { type ifname; elements = { "sysrq", "lo" }; }
	chain sysrq { counter accept comment "sysrq"; }
	chain input {
		type filter hook input priority 0; policy accept;
		iifname "sysrq" log prefix "sysrq:0011223344556677:-:" level debug
		iifname @names jump sysrq
		udp dport vmap { 9 : accept, 10 : drop }
	}
}
END
printf 'table inet t {\n\tchain c {\n\t\tlog prefix "x" nope drop\n\t}\n}\n' >bad.nft

# same WHAT ARGUMENT...: with and without the wrapper
same() {
	what=$1
	shift
	text=$($real "$@" 2>&1 </dev/null)
	point $? "same with and without: $what" "$text" nft "$@"
}

is "the wrapper is what PATH finds, and is not the real one" yes \
	sh -c "[ \"\$(command -v nft)\" != $real ] && ! [ \"\$(command -v nft)\" -ef $real ] && echo yes"
is "names called sysrq" "" nft -f plain.nft
same "list" -a list ruleset
same "JSON" -j list ruleset
same "an error" -f bad.nft
same "--version" --version
same "a usage error" --nope
# Somebody else in the way between libnftables and libnftnl: then it must not do half.
plugin=$(sed -n 's/^plugin=//p' "$(command -v nft)")
lib=$(ldconfig -p | sed -n 's/.*libnftnl.so.11 .*=> //p' | head -n 1)
fails "switched off where it is not let in, and says so" \
	"nft-sysrq: switched off, this nft does not let it in at nftnl_expr_build_payload; rules with sysrq cannot be read or written
Error: syntax error, unexpected newline
add rule inet sysrq input udp dport 9 sysrq
                                           ^" \
	env LD_PRELOAD="$lib $plugin" $real add rule inet sysrq input udp dport 9 sysrq
sed 's,^plugin=.*,plugin=/no/such,' "$(command -v nft)" >alone
is "the wrapper without the plugin says so, and is nft all the same" \
	"nft-sysrq: no /no/such; rules with sysrq cannot be read or written
$($real --version)" sh alone --version
# shellcheck disable=SC2016 # for the shell within
is "it finds the real nft past copies of itself" "$($real --version)" \
	timeout 20 sh -c 'mkdir a && cp "$(command -v nft)" a/nft && PATH=$PWD/a:$PWD/a:$PATH && nft --version'
$real list ruleset >saved
is "saved by the real one, restored by ours" "" sh -c 'nft flush ruleset && nft -f saved'
is "is the same" "$(cat saved)" nft list ruleset
end
