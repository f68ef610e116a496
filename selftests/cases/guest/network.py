#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Across a link: addresses, link-local, paged packets, broadcast, conntrack, many CPUs."""
import os
import socket
import sys
import threading
import time

sys.path.insert(0, "/src/selftests/lib")
import srq  # noqa: E402
from host import Host, Log, done, ok, same, sh, write  # noqa: E402
from netns import Peer, inside  # noqa: E402

write("/proc/sys/kernel/sysrq", 1)


def splice(sock, data):
    """Send @data in a page of its own, not in the packet's linear part."""
    pipe_out, pipe_in = os.pipe()
    os.write(pipe_in, data)
    os.splice(pipe_out, sock.fileno(), len(data))
    os.close(pipe_in)
    os.close(pipe_out)


with Peer() as peer, Host() as host:
    time.sleep(1)
    for address in ("10.9.0.1", "10.9.0.7", "fd09::1", peer.link_local()):
        client = peer.client(host, address)
        ok(client.probe(), f"{address}: a probe is answered, from the address that was asked")
        same(client.run("h") and client.reply.status_name, "ok", f"{address}: h is accepted")

    client = peer.client(host)
    client.probe()
    log = Log()
    request = client.make(srq.RUN, "h")
    client.request = request
    splice(client.socket, request.seal(client.key))
    reply = client.receive()
    ok(reply and srq.believe(client.key, reply, request).status == 0, "a paged packet is read")
    ok(log.wait("HELP"), "and its step runs")

    # Broadcast and multicast: to everybody is to nobody.
    with inside("peer"):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.bind(("10.9.0.2", 0))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.9.0.2"))
        sock6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    genuine = client.make(srq.RUN, "h").seal(client.key)
    for what, where in (("subnet broadcast", "10.9.0.255"), ("broadcast", "255.255.255.255"),
                        ("multicast", "224.0.0.1")):
        same(host.counted(lambda where=where: sock.sendto(genuine, (where, 9)), 0.1),
             {"address": 1}, what)
    scope = int(sh("ip netns exec peer cat /sys/class/net/eth0/ifindex"))
    same(host.counted(lambda: sock6.sendto(genuine, ("ff02::1", 9, 0, scope)), 0.1),
         {"address": 1}, "IPv6 multicast")

    # Conntrack: the reply belongs to the request's entry; untracked stays so.
    sh("nft 'add table inet tracked; add chain inet tracked i { type filter hook input priority -10; }; "
       "add chain inet tracked o { type filter hook output priority -10; policy drop; }; "
       "add rule inet tracked i ct state new counter; "
       "add rule inet tracked o ip daddr 10.9.0.2 ct state established,untracked accept; "
       "add rule inet tracked o ip daddr 127.0.0.0/8 accept; add rule inet tracked o meta nfproto ipv6 accept'")
    ok(peer.client(host).probe(), "with conntrack the reply is of an established connection")
    sh("nft 'add chain inet tracked raw { type filter hook prerouting priority -300; }; "
       "add rule inet tracked raw udp dport 9 notrack'")
    ok(peer.client(host).probe(), "the reply to an untracked request is untracked")
    sh("nft 'delete table inet tracked'")

    # NAT: the answer comes from where the request went to.
    sh("nft 'add table ip moved; "
       "add chain ip moved pre { type nat hook prerouting priority -100; }; "
       "add rule ip moved pre udp dport 5009 redirect to :9'")
    ok(peer.client(host, port=5009).probe(), "a redirected request is answered from its own port")
    sh("nft 'delete table ip moved'")

    # The same datagram on every CPU at once.
    runs = 40
    cpus = sorted(os.sched_getaffinity(0))
    before, steps = host.stats(), host.stats()["steps"]
    for _ in range(runs):
        data = client.make(srq.RUN, "h").seal(client.key)
        barrier = threading.Barrier(len(cpus))

        def fire(cpu, data=data, barrier=barrier):
            with inside("peer"):
                mine = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            os.sched_setaffinity(threading.get_native_id(), {cpu})
            barrier.wait()
            for _ in range(4):
                mine.sendto(data, ("10.9.0.1", 9))

        threads = [threading.Thread(target=fire, args=(cpu,)) for cpu in cpus]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(0.01)
    time.sleep(1)
    after = host.stats()
    ok(len(cpus) > 1, f"{len(cpus)} CPUs")
    same(after["run"] - before["run"], runs, f"{runs} datagrams, each {4 * len(cpus)} times: "
         "each accepted once")
    same(after["steps"] - steps, runs, "each run once")
    same(after["seen"] + after["seen-limited"] - before["seen"] - before["seen-limited"],
         runs * (4 * len(cpus) - 1), "the others are seen for what they are")

    # A host without the key's network namespace has no key.
    with inside("peer"):
        with Host(name="there") as there:
            same(sorted(there.keys()), ["there"], "another network namespace has keys of its own")
    same(sorted(host.keys()), ["ops"], "and this one too")
write("/proc/sys/kernel/sysrq", 438)
done()
