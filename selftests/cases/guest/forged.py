#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What is not genuine: not run, not matched, not answered, counted under its own reason."""
import os
import socket
import sys

sys.path.insert(0, "/src/selftests/lib")
import rawip  # noqa: E402
import srq  # noqa: E402
from host import Host, Log, done, ok, same, write  # noqa: E402

write("/proc/sys/kernel/sysrq", 1)
# On a debug kernel what is forged here takes minutes, and the genuine request is to be fresh afterwards.
host = Host(tolerance=1800000)
client = host.client(timeout=0.3)
log = Log()


def silent(send, want, what, settle=0.05):
    """@send() is counted as @want, matches no rule, gets no answer."""
    hits, replies = host.hits(), host.stats()["reply-sent"]
    same(host.counted(send, settle), want, what)
    same((host.hits() - hits, host.stats()["reply-sent"] - replies), (0, 0),
         what + ": no match, no reply")


def many(packets):
    # Not the client's socket: what is refused comes back to it as ICMP errors.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for packet in packets:
            sock.sendto(packet, ("127.0.0.1", 9))


same(client.probe().status_name, "stale", "a probe tells the epoch")
genuine = client.make(srq.RUN, "h").seal(client.key)

# Every single bit: all but those of magic, version, type, zero byte, steps and key id are forged tags.
def flips(first, last):
    for bit in range(first * 8, last * 8):
        yield genuine[:bit // 8] + bytes([genuine[bit // 8] ^ 1 << bit % 8]) + genuine[bit // 8 + 1:]


silent(lambda: many(flips(0, 3)), {"magic": 24}, "each bit of the magic")
silent(lambda: many(flips(3, 4)), {"version": 8}, "each bit of the version")
kinds = list(flips(4, 5))
legal = sum(p[4] in (1, 2, 3) for p in kinds)
silent(lambda: many(kinds), {"header": 8 - legal, "admission": legal}, "each bit of the type")
silent(lambda: many(flips(5, 6)), {"admission": 8}, "each bit of the flags")
counts = list(flips(6, 7))
legal = sum(p[6] <= 11 for p in counts)
silent(lambda: many(counts), {"header": 8 - legal, "admission": legal},
       "each bit of the number of steps")
silent(lambda: many(flips(7, 8)), {"header": 8}, "each bit of the zero byte")
silent(lambda: many(flips(8, 12)), {"key-unknown": 32}, "each bit of the key id")
silent(lambda: many(flips(12, 94)), {"admission": 82 * 8},
       "each bit of nonce, epoch, stamp, steps, HMAC and admission tag")
resealed = [client.key.reseal_admission(p) for p in flips(54, 86)]
silent(lambda: many(resealed), {"mac": 256}, "each bit of the HMAC under a right admission tag")
resealed = [client.key.reseal_admission(p) for p in flips(32, 54)]
silent(lambda: many(resealed), {"mac": 176}, "each bit of the steps under a right admission tag")

# Lengths.
lengths = [n for n in range(201) if n != 94] + [1472]
silent(lambda: many([(genuine * 16)[:n] for n in lengths]), {"length": len(lengths)},
       "each wrong length 0..200 and 1472")
for claim in (0, 7, 8, 93 + 8, 95 + 8, 1000, 65535):
    silent(lambda claim=claim: rawip.send4(rawip.ip4(rawip.udp4(genuine, length=claim))),
           {"length": 1}, f"a UDP header that claims {claim} bytes")
silent(lambda: rawip.send4(rawip.ip4(rawip.udp4(genuine) + b"x")), {"length": 1},
       "a byte behind the UDP datagram")
silent(lambda: rawip.send4(rawip.ip4(rawip.udp4(genuine)[:-1])), {"length": 1},
       "a packet cut short")
silent(lambda: rawip.send4(rawip.ip4(b"\x15\xb3\x00\x09")), {"length": 1},
       "half a UDP header")

# Fragments, of genuine requests.
datagram = rawip.udp4(genuine)
silent(lambda: [rawip.send4(rawip.ip4(datagram[:64], ident=7, more=True)),
                rawip.send4(rawip.ip4(datagram[64:], ident=7, offset=64))],
       {"fragment": 1}, "IPv4 fragments, reassembled")
datagram = rawip.udp6(genuine)
silent(lambda: rawip.send6(rawip.ip6(rawip.frag6(datagram, 9), nexthdr=44)),
       {"fragment": 1}, "an IPv6 fragment header around a whole datagram")


def frags6():
    rawip.send6(rawip.ip6(rawip.frag6(datagram[:64], 8, more=True), nexthdr=44))
    rawip.send6(rawip.ip6(rawip.frag6(datagram[64:], 8, offset=64), nexthdr=44))


hits, before = host.hits(), host.stats()
frags6()
after = host.stats()
ok(after["run"] == before["run"] and host.hits() == hits, "IPv6 fragments do not run")

# Not to one host, or not from one.
silent(lambda: rawip.send4(rawip.ip4(rawip.udp4(genuine, sport=0))), {"address": 1},
       "source port 0")

# Other keys.
stranger = srq.Key(os.urandom(32))
silent(lambda: many([client.make(srq.RUN, "h").seal(stranger)]), {"key-unknown": 1},
       "a key that is not set")
posing = client.make(srq.RUN, "h")
silent(lambda: many([stranger.seal(posing.head(client.key.id))]), {"admission": 1},
       "a strange key under a known key id")
reply = client.probe(wall=False)
silent(lambda: many([reply.seal(client.key)]), {"header": 1}, "a reply sent back as a request")

log.wait("no such line", 0.5)
same(log.count("sysrq: |key ops"), 0, "nothing of this ran, and the log has no line of it")
same(client.exchange(srq.Request.decode(genuine), data=genuine, timeout=2).status_name, "ok",
     "the genuine request itself is still good")
ok(log.wait("HELP"), "and runs")
host.close()
write("/proc/sys/kernel/sysrq", 438)
done()
