#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Requests in pings, and rules at ingress, of devices and of VLANs.

With argument no-ipv6: at ingress, where IPv6 was disabled at boot (cases/outside/no-ipv6).
"""
import contextlib
import socket
import struct
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import rawip  # noqa: E402
import srq  # noqa: E402
from host import Host, done, ok, same, sh, write  # noqa: E402
from netns import Peer, inside  # noqa: E402
from srq import echo, hostile  # noqa: E402

write("/proc/sys/kernel/sysrq", 1)
# Hooks besides input, which Host has: family, hook.
INGRESS = {"netdev ingress": "netdev", "inet ingress": "inet"}


@contextlib.contextmanager
def rule(text, family="inet", hook="input", device=None):
    """A rule in a chain of its own; Host's is not there."""
    where = f"hook {hook}" + (f" device {device}" if device else "")
    sh(f"nft 'add table {family} here; "
       f"add chain {family} here c {{ type filter {where} priority 0; }}; "
       f"add rule {family} here c {text}'")
    try:
        yield
    finally:
        sh(f"nft delete table {family} here")


def echo_client(host, address, **more):
    with inside("peer"):
        return srq.EchoClient(address, host.key, tries=4, **more)


def serves(client, what):
    """A probe, and a request that runs, are answered."""
    good = client.probe() and client.run("h") and client.reply.status_name == "ok"
    return ok(good, what, f"reply {client.reply}, disbelieved {client.unbelieved}")


def frame(packet, vlan=None, trailer=b""):
    """An Ethernet frame from the peer to the host."""
    def mac(prefix, device):
        text = sh(f"{prefix}cat /sys/class/net/{device}/address").strip()
        return bytes(int(x, 16) for x in text.split(":"))
    tag = struct.pack(">HH", 0x8100, vlan) if vlan is not None else b""
    kind = 0x0800 if packet[0] >> 4 == 4 else 0x86dd
    return (mac("", "toward") + mac("ip netns exec peer ", "eth0") + tag +
            struct.pack(">H", kind) + packet + trailer)


def whole4(body, dst="10.9.0.1", src="10.9.0.2", **more):
    """IPv4 with length and checksum, which a packet socket does not fill in."""
    packet = bytearray(rawip.ip4(body, src, dst, **more))
    packet[2:4] = struct.pack(">H", len(packet))
    packet[10:12] = struct.pack(">H", rawip.checksum(bytes(packet[:20])))
    return bytes(packet)


def pings(host):
    text = "icmp type echo-request sysrq drop; add rule inet here c icmpv6 type echo-request sysrq drop"
    with rule(text):
        for address in ("10.9.0.1", "fd09::1", peer.link_local()):
            client = echo_client(host, address)
            serves(client, f"{address}: a request in a ping is answered by a ping")
            kind = echo.REPLY6 if client.six else echo.REPLY
            same(client.answers, [(kind, 0x5351, i + 1) for i in range(len(client.answers))],
                 "the echo's own identifier and sequence; no second echo from the kernel")
        client = echo_client(host, "10.9.0.1")
        client.probe()
        genuine = client.make(srq.RUN, "h").seal(client.key)

        def send(data, **more):
            with inside("peer"), socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                               socket.IPPROTO_ICMP) as sock:
                sock.sendto(data, ("10.9.0.1", 0))

        for what, data, why in (
                ("one byte more", echo.message(8, genuine + b"\0"), "length"),
                ("one byte less", echo.message(8, genuine[:-1]), "length"),
                ("forged", echo.message(8, hostile.flip(genuine, 8 * 60)), "admission")):
            same(host.counted(lambda data=data: send(data), 0.1), {why: 1}, f"a ping, {what}")
        same(host.counted(lambda: send(echo.message(8, bytes(4000))), 0.1).get("run"), None,
             "a large ping is reassembled, and refused")
        sh("ip netns exec peer ping -c 1 -W 1 10.9.0.1", check=False)
    with rule("sysrq"):
        for kind, code, what in ((0, 0, "an echo reply"), (13, 0, "a timestamp request"),
                                 (8, 1, "an echo request with a code")):
            same(host.counted(lambda kind=kind, code=code: send(
                echo.message(kind, genuine, code=code)), 0.1), {}, f"{what} is no request")
        serves(echo_client(host, "10.9.0.1"), "a bare rule takes both pings")
        serves(peer.client(host), "and UDP")
        broadcast(host)
        same(sh("ip netns exec peer ping -c 1 -W 2 -q 10.9.0.1 | grep -c '1 received'").strip(),
             "1", "other pings are the kernel's")


def broadcast(host):
    """Who lets any source in, answers no broadcast: all of the link would hear it."""
    for where in ("all", "toward"):
        write(f"/proc/sys/net/ipv4/conf/{where}/rp_filter", 0)
    client = peer.client(host)
    client.probe()
    data = client.make(srq.RUN, "h").seal(client.key)
    packet = whole4(rawip.udp4(data, "10.9.0.255", "10.9.0.1"), src="10.9.0.255")
    failed = host.stats()["reply-failed"]
    with inside("peer"), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind(("eth0", 0))
        wire.send(frame(packet))
    time.sleep(0.1)
    same(host.stats()["reply-failed"] - failed, 1, "no answer goes to a broadcast address")


def ingress(host, name, family):
    text = (f"udp dport 9 sysrq drop; add rule {family} here c icmp type echo-request sysrq drop; "
            f"add rule {family} here c icmpv6 type echo-request sysrq drop")
    with rule(text, family, "ingress", "toward"):
        for address in ("10.9.0.1", "10.9.0.7", "fd09::1", peer.link_local()):
            serves(peer.client(host, address), f"{name}, {address}: UDP")
            serves(echo_client(host, address), f"{name}, {address}: ping")
        frames(host, name)
        tracked(host, name)


def frames(host, name):
    """What only a packet socket can send."""
    client = peer.client(host)
    client.probe()
    with inside("peer"):
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        wire.bind(("eth0", 0))

    def fresh():
        return client.make(srq.RUN, "h").seal(client.key)

    def add(packet, **more):
        got = host.counted(lambda: wire.send(frame(packet, **more)), 0.1)
        got.pop("header", None)  # a loopback's echo, which there is none of
        return got

    def udp(data, dst="10.9.0.1", src="10.9.0.2", **more):
        return whole4(rawip.udp4(data, src, dst), dst, src, **more)

    same(add(udp(fresh())), {"run": 1, "steps": 1}, f"{name}: a frame by hand runs")
    same(add(udp(fresh()), trailer=b"trailer"), {"run": 1, "steps": 1},
         f"{name}: a frame may be longer than its packet")
    same(add(udp(fresh(), dst="10.9.0.9")), {"address": 1},
         f"{name}: genuine, but to an address that is not this host's")
    same(add(udp(fresh(), src="127.0.0.1")), {"address": 1}, f"{name}: from a loopback address")
    same(add(udp(fresh(), dst="127.0.0.1")), {"address": 1}, f"{name}: to a loopback address")
    same(add(udp(fresh(), src="224.0.0.1")), {"address": 1}, f"{name}: from a group")
    for what, src in (("broadcast", "10.9.0.255"), ("own", "10.9.0.7")):
        failed = host.stats()["reply-failed"]
        wire.send(frame(udp(fresh(), src=src)))
        time.sleep(0.1)
        same(host.stats()["reply-failed"] - failed, 1,
             f"{name}: no answer goes to the {what} address")
    same(add(udp(fresh(), more=True)), {"fragment": 1}, f"{name}: a first fragment")
    short = bytearray(udp(fresh()))
    short[2:4] = struct.pack(">H", len(short) - 1)
    short[10:12] = bytes(2)
    short[10:12] = struct.pack(">H", rawip.checksum(bytes(short[:20])))
    same(add(bytes(short)), {"length": 1}, f"{name}: shorter by its IP header than by UDP's")
    data = fresh()
    six = rawip.ip6(rawip.udp6(data, "fd09::2", "fd09::99"), "fd09::2", "fd09::99")
    same(add(six), {"address": 1}, f"{name}: genuine, but to another host's IPv6 address")
    six = rawip.ip6(rawip.udp6(data, "fd09::2", "fd09::1"), "fd09::2", "fd09::1")
    same(add(six), {"run": 1, "steps": 1}, f"{name}: that was not used up by it")
    other = bytearray(frame(udp(fresh())))
    other[0:6] = bytes.fromhex("020000000042")
    same(host.counted(lambda: wire.send(bytes(other)), 0.1), {"address": 1},
         f"{name}: to another station's hardware address")
    same(add(udp(fresh()), vlan=77), {"address": 1}, f"{name}: of a VLAN that is not this host's")
    sh("ip netns add box && ip link add link toward name toward.6 type vlan id 6 && "
       "ip link set toward.6 netns box && ip -n box link set toward.6 up")
    same(add(udp(fresh()), vlan=6), {"address": 1},
         f"{name}: of a VLAN that is another network namespace's")
    sh("ip netns del box")
    same(add(udp(fresh()), vlan=0), {"run": 1, "steps": 1}, f"{name}: a priority tag is no VLAN")
    wire.close()


def tracked(host, name):
    sh("nft 'add table inet tracked; add chain inet tracked o { type filter hook output priority -10; "
       "policy drop; }; add rule inet tracked o ip daddr 10.9.0.2 ct state untracked accept'")
    ok(peer.client(host).probe(), f"{name}: the reply is untracked, as the request is")
    sh("nft delete table inet tracked")


def vlans(host):
    sh("ip link add link toward name toward.5 type vlan id 5 && "
       "ip addr add 10.95.0.1/24 dev toward.5 && "
       "ip -6 addr add fd95::1/64 dev toward.5 nodad && ip link set toward.5 up && "
       "ip -n peer link add link eth0 name eth0.5 type vlan id 5 && "
       "ip -n peer addr add 10.95.0.2/24 dev eth0.5 && "
       "ip -n peer -6 addr add fd95::2/64 dev eth0.5 nodad && ip -n peer link set eth0.5 up")
    time.sleep(2)
    link_local = peer.link_local().replace("%eth0", "%eth0.5")
    for device in ("toward", "toward.5"):
        for name, family in INGRESS.items():
            rules = (f"udp dport 9 sysrq drop; "
                     f"add rule {family} here c icmp type echo-request sysrq drop; "
                     f"add rule {family} here c icmpv6 type echo-request sysrq drop")
            with rule(rules, family, "ingress", device):
                for address in ("10.95.0.1", "fd95::1", link_local):
                    serves(peer.client(host, address), f"{name} of {device}, {address}: UDP")
                serves(echo_client(host, "10.95.0.1"), f"{name} of {device}: ping")
    with rule("udp dport 9 sysrq drop"):
        for address in ("10.95.0.1", "fd95::1", link_local):
            serves(peer.client(host, address), f"input, VLAN, {address}: UDP")


def no_ipv6(host):
    client = peer.client(host)
    ok(client.probe(), "without IPv6: a probe over IPv4")
    with inside("peer"):
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        wire.bind(("eth0", 0))
    data = client.make(srq.RUN, "h").seal(client.key)
    six = rawip.ip6(rawip.udp6(data, "fd09::2", "fd09::1"), "fd09::2", "fd09::1")
    same(host.counted(lambda: wire.send(frame(six)), 0.1), {"address": 1},
         "without IPv6: a genuine request in IPv6 is not for this host")


def refusals():
    for family, hook in (("netdev", "egress device toward"), ("inet", "forward"),
                         ("inet", "prerouting"), ("inet", "output"), ("bridge", "input"),
                         ("arp", "input")):
        out = sh(f"nft 'add table {family} no; "
                 f"add chain {family} no c {{ type filter hook {hook} priority 0; }}; "
                 f"add rule {family} no c sysrq'", check=False)
        ok("Operation not supported" in out, f"{family} {hook.split()[0]}: refused", out)
        sh(f"nft delete table {family} no 2>&1", check=False)


if "no-ipv6" in sys.argv:
    with Peer(six=False) as peer, Host() as only:
        sh("nft delete table inet srqtest; nft add table inet srqtest")
        for hook_family in INGRESS.values():
            with rule("udp dport 9 sysrq drop", hook_family, "ingress", "toward"):
                no_ipv6(only)
    done()
with Peer() as peer, Host(tolerance=3000, window=512) as host:
    sh("nft delete table inet srqtest; nft add table inet srqtest")
    # A probe to a key this old is not stale: the rule matches, and drops it.
    time.sleep(4)
    pings(host)
    for hook_name, hook_family in INGRESS.items():
        ingress(host, hook_name, hook_family)
    vlans(host)
    refusals()
write("/proc/sys/kernel/sysrq", 438)
done()
