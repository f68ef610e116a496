#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The tests' own implementation of the protocol: is it fit to judge ours?"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.realpath(__file__))
LIB = os.path.join(HERE, "..", "lib")
sys.path.insert(0, LIB)

import srq  # noqa: E402
from srq import hostile, wire  # noqa: E402
from srq.fakehost import FakeHost  # noqa: E402
from srq.host import Host  # noqa: E402
from tap import done, ok, same  # noqa: E402

SRQ = os.path.join(LIB, "srq.py")
KEY = srq.Key(bytes(range(32)))
with open(os.path.join(HERE, "..", "vectors", "vectors.json"), encoding="ascii") as vectors_file:
    VECTORS = json.load(vectors_file)


def test_primitives():
    same(srq.siphash24(bytes(range(16)), bytes(range(15))).hex(), "e545be4961ca29a1",
          "SipHash-2-4: the paper's example")
    rfc4231 = (  # test cases 1 and 6: a short key, and one longer than a block
        (b"\x0b" * 20, b"Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (b"\xaa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"))
    for key, data, mac in rfc4231:
        same(srq.hmac_sha256(key, data).hex(), mac, "RFC 4231")


def test_steps():
    for text, steps in (("sub", [(115, 0), (117, 0), (98, 0)]),
                        ("s +2s u +500ms b", [(115, 20), (117, 5), (98, 0)]),
                        ("+1m t", [(0, 133), (116, 0)]), ("s +1s +1s", [(115, 10), (0, 10)])):
        same(srq.parse_steps(text), steps, f"steps: {text}")
    same(srq.format_steps([(0, 5), (115, 133), (98, 0)]), "+0.5s s +60s b", "steps as text")


def test_vectors():
    keys = {v["name"]: srq.Key(bytes.fromhex(v["material"])) for v in VECTORS["keys"]}
    for v in VECTORS["requests"] + VECTORS["malformed"]:
        data = bytes.fromhex(v["datagram"])
        request = srq.Request.decode(data)
        key = keys[v["key"]]
        ok(key.admits(data) and key.holds(data) and request.meaningful() == v["meaningful"] and
           request.seal(key) == data, f"request there and back: {v['name']}")
    for v in VECTORS["replies"]:
        data = bytes.fromhex(v["datagram"])
        reply = srq.open_reply(data, page=1 if "pending" in v else 0)
        key = keys[v["key"]]
        ok(key.admits(data, True) and key.holds(data, True) and reply.seal(key) == data,
           f"reply there and back: {v['name']}")
    for v in VECTORS["forged"]:
        host = Host(keys[v["key"]])
        ok(host.handle(bytes.fromhex(v["datagram"])) is None,
           f"forged, no answer: {v['name']}: {host.verdict}")
    words = {"length": "bytes", "magic": "magic", "version": "version", "type": "type",
             "key_id": "key id", "admission": "admission", "mac": "HMAC", "nonce": "nonce",
             "stamp": "stamp"}
    for v in VECTORS["unbelievable"]:
        request = srq.Request.decode(bytes.fromhex(v["request"]))
        try:
            srq.believe(keys[v["key"]], bytes.fromhex(v["datagram"]), request)
            why = "believed"
        except srq.Unbelievable as disbelief:
            why = str(disbelief)
        ok(words[v["fails"]] in why, f"reply not believed: {v['name']}: {why}")


class Served:
    """A fake host in a thread, and a client of it."""

    def __init__(self, script="", address="127.0.0.1", timeout=1, **settings):
        self.log = []
        self.host = Host(KEY, **settings)
        self.fake = FakeHost(self.host, script, address, log=self.log.append)
        self.client = srq.Client(address, KEY, self.fake.port, timeout=timeout)
        threading.Thread(target=self.fake.serve, daemon=True).start()

    def __enter__(self):
        return self.host, self.client, self.log

    def __exit__(self, *_):
        self.client.close()


def status_of(host, client, **fields):
    """Of a run of t, whatever was answered just before."""
    host.slots = host.new_slots()
    return client.run("t", **fields).status_name


def test_host():
    with Served(identity="web1") as (host, client, _):
        reply = client.probe()
        ok(reply and reply.ok and reply.epoch == host.epoch, "bare probe: OK and the epoch")
        ok(reply.fires_s == wire.FIRES_NONE and reply.mask == 1, "nothing is pending")
        ok(client.run("s +60s b").ok and len(host.ran) == 1, "run in epoch mode")
        ok(client.again(timeout=0.1) is None, "at once again: no answer")
        later = client.make(srq.RUN, "s +60s b", nonce=client.request.nonce)
        ok(client.exchange(later).seen and client.again(timeout=0.1) is None,
           "encoded later: an answer at once, and once")
        host.seen[client.request.nonce].answered -= 10**9
        reply = client.again()
        ok(reply.ok and reply.seen and len(host.ran) == 1, "later again: seen, not run")
        ok(58 <= reply.fires_s <= 60, "what is pending is told")
        page = client.pending()
        ok(page.pending_page and page.pending_nonce == host.pending.nonce,
           "the page tells whose")
        same(srq.format_steps(page.next), "b", "and what is left")
        reply = client.run("s +9s u")
        ok(reply.ok and reply.bits == wire.B_REPLACED, "a later program replaces it")
        ok(client.cancel().ok and host.current() is None, "cancel")
        same(client.cancel().status_name, "nothing", "cancel of nothing")
        client.identity = "web1"
        ok(client.run("t", wall=True).ok, "run in wall-clock mode")
        client.identity = "web2"
        same(status_of(host, client, wall=True), "stale", "for another host: stale")
        nonce = client.make(srq.RUN, "t").nonce
        ok(client.run("t", nonce=nonce).ok, "one nonce")
        host.seen[nonce].answered -= 10**9
        ok(client.run("t", nonce=nonce).seen, "another encoding of it: seen")
        same(status_of(host, client, epoch=bytes(8)), "stale", "another epoch: stale")
        same(status_of(host, client, stamp=client.boottime() - 61 * 10**9), "stale",
              "a minute old: stale")
        same(status_of(host, client, stamp=client.boottime() + 6 * 10**9), "stale",
              "6 s ahead: stale")
        same(client.run([(33, 0)]).status_name, "malformed", "no letter: malformed")

    with Served(mask=0x10, allow="sbu", handled="sub") as (host, client, _):
        reply = client.run("sbtu")
        same((reply.status_name, reply.reasons), ("refused", [0, 1, 2, 1]), "each reason")
        ok(not host.ran, "all or nothing")
    with Served(wall=False) as (host, client, _):
        ok(client.probe().status_name == "stale" and client.epoch == host.epoch,
           "no wall clock: stale, but the epoch is told")
        ok(client.run("s").bits == wire.B_NO_WALL, "and said in the answer")
    with Served(window=16) as (host, client, _):
        client.probe()
        statuses = [client.probe(wall=False).status_name for _ in range(8)]
        same(statuses, ["ok"] * 7 + ["full"], "probes fill half of the window")
    if socket.has_ipv6:
        with Served(address="::1") as (_, client, _):
            ok(client.probe().ok, "over IPv6")


def test_scripts():
    with Served("drop*2 ok", timeout=0.1) as (_, client, log):
        same([bool(client.probe()) for _ in range(3)], [False, False, True], "drop*2 ok")
        same([line["script"] for line in log], ["drop", "drop", "ok"], "as the log says")
    for word, why in (("forged", "admission tag"), ("nonce", "nonce"), ("stamp", "stamp"),
                      ("short", "93 bytes"), ("garbage", "magic or version"),
                      ("taken", "nonce taken")):
        with Served(f"run/{word}", timeout=0.1) as (_, client, _):
            client.probe()
            same((client.run("s"), client.unbelieved[0][0]), (None, why), word)
    with Served("run/refused:unknown run/busy run/restart") as (host, client, _):
        client.probe()
        same(client.run("sb").reasons, [3, 3], "refused:unknown")
        same(client.run("sb").status_name, "busy", "busy")
        epoch = host.epoch
        reply = client.run("sb")
        ok(reply.status_name == "stale" and reply.epoch != epoch and reply.boottime < 10**9,
           "restart")
    with Served("mute", timeout=0.1) as (host, client, _):
        ok(client.probe() is None and len(host.seen) == 1, "mute")
    try:
        FakeHost(Host(KEY), "nonsense")
        ok(False, "an unknown word is refused")
    except ValueError:
        ok(True, "an unknown word is refused")


def test_packets():
    for a, b in (("10.0.0.1", "10.0.0.2"), ("fe80::1", "fe80::2")):
        packet = hostile.packet(a, b, 1234, 9, bytes(94))
        head = 40 if ":" in a else 20
        same(len(packet), head + 8 + 94, "a whole packet")
        same(packet[head:head + 6], bytes.fromhex("04d200090066"), "its UDP header")
        wrong = hostile.packet(a, b, 1234, 9, bytes(94), length=1024)
        same(wrong[head + 4:head + 6], b"\x04\x00", "a wrong length")
        parts = hostile.fragments(a, b, 1234, 9, bytes(94), size=48)
        same(len(parts), 3, "fragments")
    same(hostile.checksum(hostile.ipv4("10.0.0.1", "10.0.0.2", b"")), 0, "IPv4 header sum")
    data = bytes(94)
    same(len(set(hostile.flips(data))), 752, "all flips of one bit")
    same([len(hostile.resize(data, n)) for n in (0, 93, 95, 1500)], [0, 93, 95, 1500],
          "any length")

    with Served() as (host, client, log):
        client.probe()
        request = client.make(srq.RUN, "s").seal(KEY)
        replies = hostile.storm("127.0.0.1", client.address[1], [request], threads=4,
                                timeout=0.2)
        same((len(host.ran), sum(map(len, replies))), (1, 1), "four at once: one runs")
        try:
            hostile.send_packets("127.0.0.1", [hostile.packet(
                "127.0.0.1", "127.0.0.1", 4321, client.address[1], b"raw")])
        except PermissionError:
            return
        client.probe()
        ok(any(line["from"] == "127.0.0.1 4321" and line["length"] == 3 for line in log),
           "a packet by hand arrives")


def command(*args, stdin=None):
    result = subprocess.run([sys.executable, SRQ, *args], input=stdin, capture_output=True,
                            check=False, timeout=30)
    return result.returncode, result.stdout


def test_command_line():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "key")
        with open(path, "w", encoding="ascii") as file:
            file.write("# some key\nkey " + KEY.material.hex() + "\n")
        status, out = command("key", "--key", path, "--identity", "web1")
        same(json.loads(out), {"id": KEY.id.hex(), "host_tag": KEY.host_tag("web1").hex()},
              "key")
        status, out = command("forge", "--key", path, "--steps", "s +2s b", "--nonce", "cafe",
                              "--stamp", "5", "--epoch", "00" * 7 + "01")
        same(srq.Request.decode(out).seal(KEY), out, "forge")
        status, text = command("print", "--key", path, stdin=out)
        line = json.loads(text)
        ok(line["steps"] == "s +2s b" and line["holds"] and line["admits"], "print")
        status, out = command("forge", "--key", path, "--patch", "32=62", "--readmit", "--hex")
        line = json.loads(command("print", "--key", path, stdin=out.strip())[1])
        ok(line["admits"] and not line["holds"], "forge --patch --readmit")

        with subprocess.Popen([sys.executable, SRQ, "fakehost", "--key-hex",
                               KEY.material.hex(), "--script", "run/refused", "--seconds",
                               "20"], stdout=subprocess.PIPE) as fake:
            port = str(json.loads(fake.stdout.readline())["ready"])
            status, out = command("probe", "--key", path, "--port", port, "127.0.0.1")
            ok(status == 0 and json.loads(out)["status"] == "ok", "probe")
            sent = os.path.join(folder, "sent")
            status, out = command("run", "--key", path, "--port", port, "--save", sent,
                                  "127.0.0.1", "sub")
            ok(status == 1 and json.loads(out)["reasons"] == ["key"] * 3, "run")
            status, out = command("send", "--key", path, "--port", port, "127.0.0.1", sent)
            ok(status == 0 and json.loads(out)["holds"], "send")
            fake.terminate()
        same(command("probe", "--key", path, "--port", port, "--timeout", "0.1",
                      "127.0.0.1")[0], 3, "no reply: exit status 3")
        same(command("probe", "--key", "/nonexistent", "x")[0], 2, "no key: exit status 2")


test_primitives()
test_steps()
test_vectors()
test_host()
test_scripts()
test_packets()
test_command_line()
done()
