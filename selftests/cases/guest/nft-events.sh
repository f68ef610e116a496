#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Echo and monitor, text and JSON.
. "$(dirname "$0")/nft-common.inc"
fresh

# shellcheck disable=SC2317 # called by is
events() { sed -e '/^# new generation/d' -e 's/"handle": [0-9]*/"handle": N/' "$1"; }

is "echo" 'add rule inet filter input sysrq key "ops" drop' \
	sh -c 'nft -e add rule inet filter input sysrq key ops drop | grep -v "^# new"'
is "echo with handle" 'insert rule inet filter input sysrq silent # handle N' \
	sh -c 'nft -e -a insert rule inet filter input sysrq silent | grep -v "^# new" |
	sed "s/handle [0-9]*/handle N/"'
is "echo of text in JSON" '{"nftables": [{"add": {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": N, "expr": [{"sysrq": {"key": "ops"}}]}}}]}' \
	sh -c 'nft -j -e add rule inet filter input sysrq key ops | sed "s/\"handle\": [0-9]*/\"handle\": N/"'
echo '{"nftables": [{"add": {"rule": {"family": "inet", "table": "filter", "chain": "input", "expr": [{"sysrq": {"silent": true}}, {"accept": null}]}}}]}' >in.json
is "echo of JSON" '{"nftables": [{"add": {"rule": {"family": "inet", "table": "filter", "chain": "input", "expr": [{"sysrq": {"silent": true}}, {"accept": null}], "handle": N}}}]}' \
	sh -c 'nft -j -e -f in.json | sed "s/\"handle\": [0-9]*/\"handle\": N/"'

# Both listen before anything happens: their first event is one that is waited for.
nft monitor >text &
text=$!
nft -j monitor >json &
json=$!
tries=0
until grep -q first text && grep -q first json; do
	tries=$((tries + 1))
	[ $tries -lt 40 ] || break
	nft "add table ip first; delete table ip first"
	sleep 0.2
done
nft add rule inet filter input sysrq key mon counter
nft add table ip last
until grep -q last text && grep -q last json; do
	tries=$((tries + 1))
	[ $tries -lt 80 ] || break
	sleep 0.2
done
kill $text $json
wait $text $json 2>/dev/null
sed -i '/ first$/d; /"first"/d' text json
is "monitor" 'add rule inet filter input sysrq key "mon" counter packets 0 bytes 0
add table ip last' events text
is "monitor in JSON" '{"add": {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": N, "expr": [{"sysrq": {"key": "mon"}}, {"counter": {"packets": 0, "bytes": 0}}]}}}
{"add": {"table": {"family": "ip", "name": "last", "handle": N}}}' events json

# A packet's way, as nft traces it.
ip link set lo up
umask 077
sysrqctl key gen >ops.key
sysrqctl key set ops --file ops.key 2>/dev/null
nft flush chain inet filter input
nft add rule inet filter input udp dport 9 meta nftrace set 1 sysrq key ops counter drop
nft monitor trace >traced 2>&1 &
trace=$!
tries=0
until grep -q 'verdict drop' traced; do
	tries=$((tries + 1))
	[ $tries -lt 20 ] || break
	sysrqctl send --key ops.key --timeout 1s 127.0.0.1 h >said 2>&1
done
kill $trace
wait $trace 2>/dev/null
is "trace" 'rule udp dport 9 meta nftrace set 1 sysrq key "ops" counter packets N bytes N drop (verdict drop)' \
	sh -c 'sed -n "s/.* input rule /rule /p" traced | sed "s/packets [0-9]* bytes [0-9]*/packets N bytes N/" | sort -u'
sysrqctl key del ops
end
