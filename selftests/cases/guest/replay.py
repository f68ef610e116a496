#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A request runs once: repeated, re-encoded, recorded, at another host, after whatever."""
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import srq  # noqa: E402
from host import WALL, Host, Log, done, ok, same, sh, write  # noqa: E402
from netns import Peer, inside  # noqa: E402

write("/proc/sys/kernel/sysrq", 1)
SECOND = 10 ** 9


def dead(host, data, what, client, want=None):
    """@data, recorded before, does not run."""
    time.sleep(1.1)  # its slot may answer: then it is the check itself that counts it
    log = Log()
    counted = host.counted(lambda: client.exchange(srq.Request.decode(data), data=data,
                                                   timeout=0.3), 0.1)
    ok("run" not in counted and (want is None or want in counted), what, counted)
    return same(log.count("HELP"), 0, what + ": nothing runs")


with Host() as host:
    client = host.client()
    client.probe()
    log = Log()
    first = client.run("h")
    recorded = client.sent
    log.wait("HELP")
    time.sleep(0.2)
    again = client.again()
    same((again.status, again.seen, again.request_stamp), (0, True, first.request_stamp),
         "a repeated datagram gets its first outcome again")
    time.sleep(0.2)
    same(log.count("HELP"), 1, "and does not run again")
    same(host.counted(lambda: [client.send(recorded) for _ in range(20)], 0.1).get(
        "seen-limited", 0) >= 18, True, "at once it is answered rarely")

    # The same request, encoded anew: another stamp, the other mode.
    request = client.make(srq.RUN, "h")
    same(client.exchange(request).status_name, "ok", "a request")
    first_stamp = request.stamp
    time.sleep(0.2)
    later = client.make(srq.RUN, "h", nonce=request.nonce)
    client.send(later.seal(client.key))
    reply = srq.open_reply(client.receive())
    same((reply.status, reply.seen, reply.request_stamp), (0, True, first_stamp),
         "with another stamp it is the same request")
    time.sleep(0.2)
    blind = client.make(srq.RUN, "h", nonce=request.nonce, wall=True,
                        epoch=client.key.host_tag("x"))
    client.send(blind.seal(client.key))
    reply = srq.open_reply(client.receive())
    same((reply.status, reply.seen), (0, True), "a blind copy is the same request")
    time.sleep(0.2)
    same(log.count("HELP"), 2, "it ran once")

    # A refusal stays.
    host.set_key("ops", letters="s")
    refused = client.run("h")
    recorded_refusal = client.sent
    same(refused.status_name, "refused", "a request is refused")
    host.set_key("ops", letters="hs")
    time.sleep(0.2)
    same(client.again().status_name, "refused", "and stays so when the key allows more")

    # Clocks.
    for what, stamp, want in (("past", -61 * SECOND, "stale-old"),
                              ("future", 20 * SECOND, "stale-future"),
                              ("most negative", None, "stale-old"),
                              ("most positive", None, "stale-future")):
        at = client.boottime() + stamp if stamp else \
            (-2 ** 63 if want == "stale-old" else 2 ** 63 - 1)
        data = client.make(srq.RUN, "h", stamp=at).seal(client.key)
        dead(host, data, f"a stamp of the {what}", client, want)
    data = client.make(srq.RUN, "h", epoch=b"12345678").seal(client.key)
    dead(host, data, "another epoch", client, "stale-epoch")
    ok(client.reply and client.reply.status_name == "stale" and client.reply.mask == 0 and
       client.reply.epoch == client.epoch, "the stale answer carries the epoch, and no more")

    fresh = client.make(srq.RUN, "h").seal(client.key)

    # Another host with the same key: a namespace is one.
    with Peer():
        with inside("peer"):
            with Host(material=client.key.material) as other:
                dead(other, fresh, "a request for another host with the same key",
                     other.client(), "stale-epoch")

    # The key deleted and set again; replaced and put back.
    host.del_key("ops")
    same(host.counted(lambda: client.send(recorded), 0.1), {"key-unknown": 1}, "a deleted key")
    host.new_key("ops", client.key.material)
    for what, data in (("run before", recorded), ("refused before", recorded_refusal),
                       ("never sent before", fresh)):
        dead(host, data, f"deleted and set again: {what}", client, "stale-epoch")
    same(len(host.keys()["ops"]), len(host.keys()["ops"]), "the key is there")

    # The same material set again changes nothing; other material changes all.
    client.probe()
    same(client.run("h").status_name, "stale", "none for 20 s, as the one before might come encoded anew")
    time.sleep(20)
    same(client.run("h").status_name, "ok", "a request under the key set again")
    recorded = client.sent
    host.new_key("ops", client.key.material, cmd=2)
    time.sleep(0.2)
    same((client.again().seen, client.reply.epoch), (True, client.epoch),
         "the same material under the same name keeps window and epoch")
    new = host.new_key("ops", cmd=2)
    same(host.counted(lambda: client.send(recorded), 0.1), {"key-unknown": 1},
         "replaced material is unknown at once")
    ok(host.client(key=new).probe(), "the new one is answered at once")

# Wall-clock mode: only from a minute after the key was set; then bound to host and time.
with Host(tolerance=10000, identity="web1", letters="hs") as host:
    client = host.client(identity="web1")
    data = client.make(srq.RUN, "h", wall=True).seal(client.key)
    dead(host, data, "a stamp from before the key was set", client, "stale-floor")
    time.sleep(10.5)
    log = Log()
    reply = client.run("h", wall=True)
    same(reply and reply.status_name, "ok", "wall-clock mode works")
    ok(log.wait("HELP"), "and runs")
    recorded = client.sent
    data = client.make(srq.RUN, "h", wall=True, epoch=client.key.host_tag("web2"))
    dead(host, data.seal(client.key), "the host tag of another host", client, "stale-epoch")
    data = client.make(srq.RUN, "h", wall=True, epoch=bytes(8))
    dead(host, data.seal(client.key), "host tag 0 in a run", client, "stale-epoch")
    same(client.probe(wall=True, epoch=bytes(8)).status_name, "ok", "host tag 0 in a probe")
    fresh = client.make(srq.RUN, "h", wall=True).seal(client.key)
    now = time.time()

    # Clock steps. What was accepted stays so; what is from before the key stays out.
    early = client.make(srq.RUN, "h", wall=True, stamp=int((now - 19) * 1e9)).seal(client.key)
    for step in (-3600, 3600, -19):
        sh(f"date -s @{now + step:.3f}")
        dead(host, recorded, f"clock set by {step} s: run before", client)
        dead(host, early, f"clock set by {step} s: from before the key was set", client)
    sh(f"date -s @{now + 20:.3f}")
    dead(host, fresh, "a recorded request that was never delivered is stale later", client,
         "stale-old")

    host.set_key("ops", wall=0)
    data = client.make(srq.RUN, "h", wall=True).seal(client.key)
    dead(host, data, "a key without wall-clock mode", client, "stale-wall")
    same(host.keys()["ops"][WALL], b"\0", "the key says so")
    host.set_key("ops", wall=1, tolerance=3600000)
    dead(host, recorded, "a longer tolerance brings nothing back: run before", client)
    dead(host, early, "a longer tolerance brings nothing back: before the key", client)



def told(ask):
    """What is said to one that finds no room: nothing, where its slot has just been used."""
    for _ in range(4):
        reply = ask()
        if reply:
            return reply.status_name
    return None


# Full of live entries: refused and counted, and nothing is forgotten.
with Host(window=16) as host:
    client = host.client()
    client.probe()
    sent = []
    for _ in range(16):
        client.run("h")
        sent.append(client.sent)
    same(told(lambda: client.run("h")), "full", "a full window refuses")
    same(host.counted(lambda: client.run("h", timeout=0.2), 0.1).get("run"), None,
         "and goes on refusing")
    dead(host, sent[0], "the oldest is not forgotten", client, "seen")

with Host(window=16) as host:
    client = host.client()
    client.probe()
    for _ in range(8):
        client.probe(wall=False)
    same(told(lambda: client.probe(wall=False)), "full", "probes fill half of a window")
    same(client.run("h").status_name, "ok", "and leave the other half to requests")

# Unloaded and loaded again, with the same key.
host = Host()
client = host.client()
client.probe()
client.run("h")
recorded = client.sent
material = client.key.material
same(sh("rmmod nft_sysrq; echo $?", check=False).strip()[-1], "1",
     "the module cannot be unloaded while a rule uses it")
host.close()
time.sleep(0.5)
sh("rmmod nft_sysrq && modprobe nft_sysrq")
with Host(material=material) as host:
    dead(host, recorded, "after the module was loaded again", host.client(key=client.key),
         "stale-epoch")
write("/proc/sys/kernel/sysrq", 438)
done()
