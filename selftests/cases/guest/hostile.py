#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Recordings repeated at full speed: no genuine sender is kept from its answer. selftests/flood and
selftests/replays do the same at length."""
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import srq  # noqa: E402
from flooding import Flood, stale_probes  # noqa: E402
from host import Host, done, ok, same, sysrq_for_all  # noqa: E402
from netns import Peer, inside  # noqa: E402
from tool import Tool  # noqa: E402

TRIES = 6
RECORDINGS = 63
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


def main():
    tool = Tool()
    # The key forbids wall-clock mode: that is what each first probe is told, and the epoch.
    with Peer(), Peer(name="flooder", dev="hostile", net=8) as _, \
            Host(material=tool.material, window=1024, wall=0) as host:
        peer = Peer()
        stale_senders(host, peer, tool, "a slot each", range(RECORDINGS))
        stale_senders(host, peer, tool, "nine slots", [n % 9 for n in range(RECORDINGS)])


with sysrq_for_all():
    main()
done()
