#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Inside a guest that boots three times: recorded requests, over and over: replays.py FOLDER COUNT

Requests of all kinds are sent, and written down as they leave their sender's namespace. Then they come from
another one, at full speed, after whatever may make a host forget. None runs; none is answered as if it
were new. FOLDER outlives the boots.
"""
import json
import os
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import srq  # noqa: E402
from flooding import Recorder, send_all  # noqa: E402
from host import KEY_SET, Host, Log, done, ok, same, sh, write  # noqa: E402
from netns import Peer, inside  # noqa: E402

FOLDER, COUNT = sys.argv[1], int(sys.argv[2])
BOOT = int(os.environ["VM_BOOT"])
KEY = bytes(range(32))
HOUR = 3600
# What the module may say of what is recorded; the rest would mean that it was taken for new.
OLD = {"seen", "seen-limited", "stale-limited", "stale-epoch", "stale-old", "stale-future", "stale-floor",
       "stale-wall", "key-unknown"}
ASIDE = {"reply-sent", "reply-failed", "transport"}  # the last: what IPv6 says of itself
PHASES = 16  # of all boots, about: each gets its part of COUNT


class State:
    """What the next boot must know."""

    def __init__(self):
        self.path = f"{FOLDER}/state"
        self.records, self.counted, self.began = [], 0, 0.0
        if os.path.exists(self.path):
            with open(self.path, encoding="ascii") as file:
                kept = json.load(file)
            self.records = [bytes.fromhex(record) for record in kept["records"]]
            self.counted, self.began = kept["counted"], kept["began"]

    def save(self):
        with open(self.path, "w", encoding="ascii") as file:
            json.dump({"records": [record.hex() for record in self.records], "counted": self.counted,
                       "began": self.began}, file)
            file.flush()
            os.fsync(file.fileno())


state = State()
log = Log()


def repeat(host, what, count=None, address="10.8.0.1", namespace="flooder"):
    """All that is recorded comes once more, @count datagrams in all; what the module said of them."""
    log.read().clear()
    before = host.stats()
    told = send_all(address, "recorded", state.records, count or COUNT // PHASES, namespace)
    time.sleep(0.5)
    after = host.stats()
    counted = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    if address == "127.0.0.1":
        # There our own answers meet the rule, too.
        counted.pop("header", None)
    verdicts = {name: n for name, n in counted.items() if name not in ASIDE}
    state.counted += sum(verdicts.values())
    print(f"# {what}: sent {told['sent']}, {counted}; answers {told}", flush=True)
    ok(verdicts and set(verdicts) <= OLD, f"{what}: {told['sent']} recorded ones, none is taken for new", counted)
    same((told["new"], log.count("sysrq: |nft_sysrq: key")), (0, 0), f"{what}: none is answered so, and none runs")
    ok(9 not in host.status(), f"{what}: no program is pending")
    return counted


def must(call):
    """A request's answer, asked for until it comes."""
    for _ in range(20):
        reply = call()
        if reply:
            return reply
    raise SystemExit("a request was not answered")


def requests(host, peer, rounds, tag="web1"):
    """Real requests of every kind, and what a network held back: their recordings."""
    recorder = Recorder("peer")
    client = peer.client(host, identity=tag, tries=20, timeout=1)
    for _ in range(rounds):
        must(client.probe)
        for call in (lambda: client.probe("s u b", wall=False), lambda: client.probe(page=1, wall=False),
                     lambda: client.run("h"), lambda: client.run("h", wall=True), lambda: client.run("h g"),
                     lambda: client.run("h +100ms h"), client.cancel, lambda: client.cancel(wall=True),
                     lambda: client.run("h +20s h"), client.cancel,
                     lambda: client.exchange(client.make(srq.RUN, [(1, 0)]))):
            must(call)
    state.records += recorder.read()
    # Never delivered: good for a moment, and for no other boot, key or host.
    state.records += [client.make(srq.RUN, "b", wall=wall).seal(client.key) for wall in (False, True) * rounds]
    # What is held back is good until its time is over.
    time.sleep(3.5)
    return client


def forgotten(host):
    """A window that is full of later requests no more knows the earlier ones."""
    small = host.new_key("small", window=16, tolerance=3000)
    client = host.client(key=small, tries=20, timeout=1)
    must(client.probe)
    mine, kept = [], state.records
    for _ in range(2):
        for _ in range(15):
            must(lambda: client.run("h"))
            mine.append(client.sent)
        time.sleep(32)
    must(client.probe)
    must(lambda: client.run("h"))
    log.wait("no such line", 1)
    state.records = mine
    counted = repeat(host, "forgotten by the window", address="127.0.0.1", namespace=None)
    ok(counted.get("stale-old", 0) + counted.get("stale-limited", 0) > 0, "forgotten by the window: some of them were")
    state.records = kept


def clocks(host, what):
    """The clock is set ahead, back, and right again."""
    now = time.time() - time.monotonic()
    for step in (HOUR, -HOUR, 0):
        sh(f"date -s @{now + time.monotonic() + step:.3f}")
        repeat(host, f"{what}, clock {step:+d} s")


def first_boot(peer):
    state.began = time.time()
    with Host(material=KEY, window=4096, tolerance=3000, identity="web1", letters="hsub") as host:
        time.sleep(3.5)
        requests(host, peer, 25)
        print(f"# {len(state.records)} recordings, {len(set(state.records))} of them different")
        repeat(host, "at once")
        clocks(host, "the same boot")
        host.set_key("ops", tolerance=HOUR * 1000)
        repeat(host, "a longer tolerance")
        host.set_key("ops", tolerance=3000)
        forgotten(host)

        with inside("flooder"), Host(material=KEY, window=4096, tolerance=3000, identity="web1") as other:
            repeat(other, "another host with the same key and name", address="127.0.0.1")

        host.new_key("ops", cmd=KEY_SET, overlap=100)
        repeat(host, "the key replaced, and still good")
        host.new_key("ops", cmd=KEY_SET)
        repeat(host, "the key replaced")
        host.new_key("ops", KEY, cmd=KEY_SET, window=4096)
        repeat(host, "the key put back")
        host.del_key("ops")
        host.new_key("ops", KEY, window=4096, tolerance=3000, identity="web1")
        repeat(host, "the key deleted and set again")
    time.sleep(0.5)
    sh("rmmod nft_sysrq && modprobe nft_sysrq")
    with Host(material=KEY, window=4096, tolerance=3000, identity="web1") as host:
        repeat(host, "the module loaded again")
        restart(host, peer, wall=False)


def later_boot(peer):
    with Host(material=KEY, window=4096, tolerance=3000, identity="web1") as host:
        repeat(host, f"boot {BOOT}")
        time.sleep(3.5)
        repeat(host, f"boot {BOOT}, some seconds later")
        if BOOT == 2:
            restart(host, peer, wall=True)
        clocks(host, f"boot {BOOT}")
        # Whatever queues have dropped on the way is made up for.
        repeat(host, f"boot {BOOT}, the rest", count=max(1000, COUNT - state.counted + 1000))
        ok(state.counted >= COUNT, f"the module has looked at {state.counted} recorded datagrams in all")
        client = host.client(tries=20, timeout=1)
        log.read().clear()
        # Where this machine is slow, its own estimate of the clock may be older than the tolerance.
        reply = must(lambda: client.run("h") and client.reply.status_name != "stale" and client.reply)
        ok(reply.status_name == "ok" and log.wait("sysrq: HELP"), "a genuine request runs", reply)


def restart(host, peer, wall):
    """By a request that is recorded, too: it must not restart the next boot."""
    time.sleep(3.5)
    client = requests(host, peer, 5)
    data = client.make(srq.RUN, "b", wall=wall)
    state.records.append(data.seal(client.key))
    state.save()
    print(f"# boot {BOOT} ends by b", flush=True)
    client.send(state.records[-1])
    time.sleep(60)
    ok(False, "b restarts the guest")
    done()


write("/proc/sys/kernel/sysrq", 1)
with Peer() as here, Peer(name="flooder", dev="hostile", net=8):
    print(f"# boot {BOOT}, {time.time() - state.began:.0f} s after the first" if state.began else "# boot 1")
    (first_boot if BOOT == 1 else later_boot)(here)
done()
