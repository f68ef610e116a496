#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Beside firewalld, which speaks to libnftables from Python, with the plugin preloaded into it: it does what it does
# without, its reload leaves the table of arm alone, and requests pass though it opens no port for them.
. "$(dirname "$0")/nft-common.inc"
ip link set lo up
plugin=$(sed -n 's/^plugin=//p' "$(command -v nft)")
umask 077
sysrqctl key gen >ops.key
sysrqctl key set ops --file ops.key 2>/dev/null
umask 022

ip netns add fire-peer
ip link add toward type veth peer name eth0 netns fire-peer
ip addr add 10.9.0.1/24 dev toward
ip link set toward up
ip -n fire-peer addr add 10.9.0.2/24 dev eth0
ip -n fire-peer link set eth0 up
name=org.fedoraproject.FirewallD1
# Not by firewall-cmd, which is slow to start, and waits for an answer no longer than D-Bus by itself: that is too short
# on a busy machine.
call() {
	dbus-send --system --print-reply --reply-timeout=200000 --dest=$name /org/fedoraproject/FirewallD1 "$@"
}
reload() { call "$name.$1" >/dev/null && echo success; }
runs() { call org.freedesktop.DBus.Properties.Get string:$name string:state 2>/dev/null | grep -q '"RUNNING"'; }

ask() { ip netns exec fire-peer sysrqctl send --key ops.key --timeout 2s "$@" 10.9.0.1 h >said 2>&1; echo "$?"; }

# A bus of its own, whose end is this shell's.
mkdir -p /run/dbus
dbus-daemon --system --nofork --nopidfile --nosyslog 2>/dev/null &
bus=$!
trap 'kill $bus $(cat daemon.pid 2>/dev/null) 2>/dev/null; ip netns del fire-peer; rm -rf "$dir"' EXIT
until [ -S /run/dbus/system_bus_socket ]; do sleep 0.1; done

# start [NAME=VALUE]: firewalld, and waits until it says that it runs
# shellcheck disable=SC2120 # some are passed, by way of is()
start() {
	env "$@" firewalld --nofork --nopid >daemon.log 2>&1 &
	echo $! >daemon.pid
	for _ in $(seq 300); do
		runs && return
		sleep 0.2
	done
	echo "firewalld does not come up"
	cat daemon.log
}
stop() {
	kill "$(cat daemon.pid)"
	while kill -0 "$(cat daemon.pid)" 2>/dev/null; do sleep 0.1; done
	rm daemon.pid
}
# What it has said, less the times.
said() { cut -d ' ' -f 3- daemon.log; }
# All that it has made.
made() { /usr/sbin/nft list table inet firewalld; }

start >/dev/null
made >alone
is "firewalld, without us, has its table" yes sh -c 'grep -q "chain filter_INPUT" alone && echo yes'
is "a request is turned away" 3 ask
stop
said >said-alone
nft flush ruleset

is "with the plugin preloaded it starts" "" start LD_PRELOAD="$plugin"
made >preloaded
is "makes the same table" "" diff alone preloaded
is "says the same" "$(cat said-alone)" said
is "a request is turned away" 3 ask
is "arm" "" sysrqctl arm
is "armed, it passes" 0 ask
is "firewalld reloads" success reload reload
is "it still passes" 0 ask
is "firewalld opens a port of its own" success firewall-cmd --add-port 99/tcp
is "and shows it" 99/tcp firewall-cmd --list-ports
is "a complete reload" success reload completeReload
is "it still passes" 0 ask
sysrqctl disarm
is "disarmed, it is turned away again" 3 ask
stop
sysrqctl key del ops
end
