#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Who has no key gets no answer and no line in the log; recordings that he repeats at full speed keep no
genuine sender from its answer. selftests/flood and selftests/replays show more, at length.
"""
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import srq  # noqa: E402
from flooding import Flood, Recorder, send_all, stale_probes  # noqa: E402
from host import Host, Log, done, ok, same, sysrq_for_all  # noqa: E402
from netns import Peer, inside  # noqa: E402
from tool import Tool  # noqa: E402

TRIES = 6
RECORDINGS = 63
COUNT = 2000
YEARS = 10 * 365 * 86400 * 10 ** 9


def stale_senders(host, peer, tool, what, slots):
    """63 recordings that are stale, and senders that must be told that they are, too."""
    records = stale_probes(host.key, slots)
    same(len(records), RECORDINGS, f"{what}: {RECORDINGS} recordings")
    with Flood("10.8.0.1", "recorded", records, namespace="flooder"):
        with inside("peer"):
            said = [(tool.run("send", "--strict", "10.9.0.1", "h"), tool.said()) for _ in range(TRIES)]
        ok(not any(status for status, _ in said), f"{what}: {TRIES} requests by the tool are answered", said)
        client = peer.client(host, tries=7, timeout=0.4)
        told = [client.probe(stamp=time.time_ns() + ahead) for ahead in (YEARS, -YEARS) * (TRIES // 2)]
        ok(all(told), f"{what}: {TRIES} probes by a clock that is wrong by 10 years are answered", told)


def unanswered(host, peer):
    """All that can be sent without the key: not a packet comes back, not a line is logged."""
    client = peer.client(host, tries=20, timeout=1)
    client.probe()
    # Never delivered: genuine, and each with one bit changed.
    kept = [client.make(kind, "h" if kind == srq.RUN else (), wall=wall).seal(client.key)
            for kind in srq.TYPES for wall in (False, True)]
    log, capture = Log(), Recorder("flooder", outgoing=False)
    for kind, records in (("garbage", None), ("stranger", None), ("forged", kept), ("changed", kept)):
        before = host.stats()
        told = send_all("10.8.0.1", kind, records, COUNT, "flooder")
        after = host.stats()
        counted = {name: after[name] - before[name] for name in after if after[name] != before[name]}
        ok(told["sent"] == COUNT and set(counted) <= {"length", "magic", "key-unknown", "header", "admission", "transport"},
           f"{kind}: {COUNT} are turned away before the HMAC", (told, counted))
        same((capture.packets(), log.count("sysrq")), (0, 0), f"{kind}: no packet comes back, no line is logged")
    send_all("10.8.0.1", "recorded", kept, len(kept), "flooder")
    ok(capture.packets() >= 1 and log.wait("sysrq"), "this test can tell: what is genuine is answered and logged")


def unheard(host, peer):
    """A sender that has not heard its answer asks again, amid copies of what it sent."""
    client = peer.client(host, tries=20, timeout=1)
    heard = []
    for _ in range(TRIES):
        client.probe()
        client.run("h")
        with Flood("10.8.0.1", "recorded", [client.sent], namespace="flooder"):
            client.exchange(client.make(srq.RUN, "h", nonce=client.request.nonce), timeout=2)
            heard.append(client.reply and (client.reply.status_name, client.reply.seen))
    same(heard, [("ok", True)] * TRIES, f"{TRIES} requests, encoded anew amid copies of themselves, are answered at once")


def main():
    tool = Tool()
    # The key forbids wall-clock mode: that is what each first probe is told, and the epoch.
    with Peer(), Peer(name="flooder", dev="hostile", net=8) as _, \
            Host(material=tool.material, window=1024, wall=0) as host:
        peer = Peer()
        unanswered(host, peer)
        unheard(host, peer)
        stale_senders(host, peer, tool, "a slot each", range(RECORDINGS))
        stale_senders(host, peer, tool, "nine slots", [n % 9 for n in range(RECORDINGS)])


with sysrq_for_all():
    main()
done()
