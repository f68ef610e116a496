#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # dir: nft-common.inc has it
# sysrqctl doctor: a sound host is ok in all; whatever is broken is found, and the commands that it prints mend it.
. "$(dirname "$0")/nft-common.inc"
files=/etc/sysrq/keys.d
units=/etc/systemd/system
plugin=$(sed -n 's/^plugin=//p' /usr/local/sbin/nft)
cp /etc/nftables.conf nftables.conf

restore() {
	[ ! -e "$dir/away.so" ] || mv "$dir/away.so" "$plugin"
	[ ! -e "$dir/drop-in" ] || mv "$dir/drop-in" /usr/lib/systemd/system/nftables.service.d/nft-sysrq.conf
	cp "$dir/nftables.conf" /etc/nftables.conf
	rm -rf /etc/sysrq "$dir" /etc/sysctl.d/99-sysrq.conf /etc/sysctl.d/50-case.conf $units/nftables.service.d
	systemctl -q disable nftables sysrq-keys sysrq-arm
	sysctl -qw kernel.sysrq=438
} 2>/dev/null
trap restore EXIT
# As Debian's kernels have it at boot, whatever was tried before.
sysctl -qw kernel.sysrq=438

# The guest has nobody who keeps its clock right; that is not what is tried here.
clock() { # STATUS: of the kernel's; 0: right, 64: nobody keeps it so
	python3 -c '
import ctypes, sys
t = ctypes.create_string_buffer(256)
t[0] = 0x14
t[40] = int(sys.argv[1])
assert ctypes.CDLL(None).adjtimex(t) >= 0' "$1"
}

say() { # STATUS WHAT [OUTPUT-FILE]
	points=$((points + 1))
	[ "$1" = 0 ] && echo "ok $points - $2" && return
	bad=$((bad + 1))
	echo "not ok $points - $2"
	[ -z "${3:-}" ] || sed 's/^/# /' "$3"
}

ask() { sysrqctl probe --key $files/ops.key 127.0.0.1 >/dev/null 2>&1; }

sound() { # WHAT
	ask
	sysrqctl doctor >report 2>&1 && ! grep -v '^ok  ' report >/dev/null && [ -s report ]
	say $? "$1: all is ok" report
}

# lines LINE...: the report has all of them, patterns; their commands are in mends
lines() {
	: >mends
	for l_line; do
		grep -q "^$l_line" report || return
		awk -v line="^$l_line" '/^[a-z]/ { on = $0 ~ line } /^   / && on { print }' report |
			sed "s, FILE , $dir/ops.key ,; s/^  *//" >>mends
	done
}

# Whatever is wrong, commands stand behind it.
each_has_mends() {
	awk '/^(warning|problem) / { bad += open; open = 1; next } /^   / { open = 0; next }
		{ bad += open; open = 0 } END { exit bad + open > 0 }' report
}

# found STATUS WHAT LINE...: doctor ends so, and says those lines
found() {
	f_status=$1 f_what=$2
	shift 2
	sysrqctl doctor >report 2>&1
	[ $? = "$f_status" ] && lines "$@" && each_has_mends
	say $? "$f_what: is found" report
}

# mended STATUS WHAT LINE...: as found(); then their commands are run, and it says them no more
mended() {
	m_what=$2
	found "$@"
	shift 2
	. ./mends >mending 2>&1
	ask
	sysrqctl doctor >report 2>&1
	for m_line; do
		! grep "^$m_line" report || break
	done >still
	[ -s mends ] && [ ! -s still ]
	m_status=$?
	cat mends mending >>report
	say $m_status "$m_what: the printed commands mend it" report
}

ip link set lo up
clock 0
mended 1 "neither key, rule nor units" "problem  keys: none is set" "problem  rules: none has sysrq" \
	"warning  boot: nothing makes the rule" "warning  boot: nothing sets the keys"
sound "what was broken is mended"
cp -p $files/ops.key ops.key

clock 64
found 0 "a clock that nobody keeps right" "warning  clock: not synchronised, but all keys take requests"
clock 0
sysrqctl key del ops
mended 1 "no key, with its file" "problem  keys: none is set"
mv $files/ops.key .
sysctl -qw kernel.sysrq=16
mended 0 "no file, and too small a kernel.sysrq" "warning  keys: ops is in no file" \
	"warning  sysrq: key ops is for sub, but kernel.sysrq=16 forbids ub"
sound "kernel.sysrq is right, also for the next boot"
chmod 644 $files/ops.key
sysctl -qw kernel.sysrq=0
mended 1 "a file that others may read, and kernel.sysrq=0" "problem  keys: 'sysrqctl key load'" \
	"problem  sysrq: kernel.sysrq is 0"
sysrqctl key set ops --allow s
sysctl -qw kernel.sysrq=438
mended 0 "other settings than the files'" "warning  keys: ops is set otherwise" \
	"warning  sysrq: kernel.sysrq is 438, but "
echo kernel.sysrq=1 >/etc/sysctl.d/50-case.conf
sound "and all is as it was; a file for sysctl that comes earlier does not count"
sysrqctl key set ops --expires "@$(($(date +%s) + 2))"
sleep 3
mended 1 "expired" "problem  keys: ops has expired"
sysrqctl key load >/dev/null

# Rules and plain nft.
fresh
nft add rule inet filter input udp dport 9 sysrq drop
usual=$PATH
PATH=/usr/sbin:/usr/bin
mended 0 "an nft that does not know sysrq" "warning  nft: /usr/sbin/nft does not know sysrq: it hides 1 rule, as inet filter input"
PATH=$usual
{ printf '#!/usr/sbin/nft -f\nflush ruleset\n' && nft -s list ruleset; } >/etc/nftables.conf
systemctl -q enable nftables 2>/dev/null
found 0 "a service that can load its file" "ok       nft: nftables.service can load /etc/nftables.conf, which has sysrq"
loads() { # as the service does
	LD_PRELOAD=$(cat /usr/lib/systemd/system/nftables.service.d/*.conf $units/nftables.service.d/*.conf \
		2>/dev/null | sed -n 's/^Environment=LD_PRELOAD=//p') /usr/sbin/nft -c -f /etc/nftables.conf 2>/dev/null
}
mv /usr/lib/systemd/system/nftables.service.d/nft-sysrq.conf drop-in
loads || mended 1 "no drop-in" "problem  nft: THE NEXT BOOT.*WITHOUT ANY FIREWALL.*no drop-in"
loads
say $? "the service could load its file again"
mv "$plugin" away.so
loads || mended 1 "no plugin" "problem  nft: THE NEXT BOOT.*WITHOUT ANY FIREWALL.*plugin .* is missing"
loads
say $? "the service could load its file again"
grep -q '^#.*sysrq drop' /etc/nftables.conf
say $? "the rule is put out of use there"
found 0 "and sysrq-arm.service makes it" "ok       boot: sysrq-arm.service makes the rule"
mv away.so "$plugin"

# Who is not root is told what can be seen.
setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all sysrqctl doctor >report 2>&1
grep -q '^ok       module: nft_sysrq is loaded' report && grep -q '^note     keys: only root' report
say $? "not root" report
sysrqctl doctor --json >report && python3 -c '
import json
told = [json.loads(line) for line in open("report")]
assert len(told) > 10 and all(set(t) == {"grade", "topic", "message", "mend"} for t in told), told'
say $? "JSON" report

# From the other side.
way() { # STATUS WHAT LINE...: doctor of the way ends so, and says those lines
	w_status=$1 w_what=$2
	shift 2
	sysrqctl doctor --key $files/ops.key --timeout 2s 127.0.0.1 >report 2>&1
	[ $? = "$w_status" ] && lines "$@"
	say $? "$w_what: the other side is told" report
}
nft flush ruleset
sysrqctl key set ops --allow hs --file $files/ops.key
way 1 "no rule" "problem  address: 127.0.0.1, UDP port 9: port closed, says the host itself" \
	"note     way: the host is up and reached; the host has no rule"
sysrqctl arm
way 0 "a key for less than is usual" "ok       address: 127.0.0.1, UDP port 9: answers" \
	"warning  letters: sub (sync, remount read-only, reboot) would be refused: key does not allow 'u'" \
	"ok       pending: nothing"
sysrqctl key set ops --expires "@$(($(date +%s) + 2))"
sleep 3
way 1 "an expired key" "problem  key: ops (.*) is the host's, but it is refused: "

nft flush ruleset
sysrqctl key del ops
sleep 1
rmmod nft_sysrq
mended 1 "no module" "problem  module: nft_sysrq is not loaded, though"
end
