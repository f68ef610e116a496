#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""sysrqctl monitor tells what happens, in order, in both forms, and when it could not."""
import json
import os
import select
import signal
import subprocess
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import srq  # noqa: E402
from host import KEY_SET, Host, done, ok, same, sh, write  # noqa: E402


class Monitor:
    """One that runs, and is known to listen."""

    def __init__(self, host, *words):
        self.process = subprocess.Popen(("sysrqctl", "monitor") + words, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.rest = b""
        self.counts = {}
        end = time.monotonic() + 20
        while not self.line(0.2) and time.monotonic() < end:
            host.set_key("ops")
        while self.line(0.5):
            pass

    def line(self, seconds=5.0):
        """The next line, or ''."""
        end = time.monotonic() + seconds
        while b"\n" not in self.rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                return ""
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                return ""
            self.rest += data
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode()

    def next(self):
        """The next event, and its line; what counters have grown by goes into .counts."""
        while (line := self.line()):
            got = json.loads(line)
            if got["event"] != "counters":
                return got, line
            self.count(got)
        return {}, ""

    def count(self, event):
        for name, n in event["counts"].items():
            self.counts[name] = self.counts.get(name, 0) + n

    def words(self):
        """The next line that is about a key."""
        while (line := self.line()) and " key ops" not in line:
            pass
        return line

    def event(self, **want):
        """The next one is as wanted."""
        got, line = self.next()
        good = all(got.get(name) == value for name, value in want.items())
        ok(good, f"event: {want}", line)
        return got

    def end(self, sig=signal.SIGINT):
        self.process.send_signal(sig)
        return self.process.wait(10)


def test_json(host):
    monitor = Monitor(host, "--json")
    client = host.client("::1")
    client.probe()
    monitor.event(event="request", type="probe", key="ops", address="::1", accepted=False,
                  verdict="stale-floor", status="stale", steps=[], lost=0)
    before = time.time()
    client.run("h")
    got = monitor.event(event="request", type="run", accepted=True, verdict="run", status="ok",
                        key_id=host.key.id.hex(), nonce=f"{client.request.nonce:08x}")
    same((got["port"], [s["letter"] for s in got["steps"]]),
         (client.socket.getsockname()[1], ["h"]), "from whom, and what")
    ok(abs(got["time_ms"] / 1000 - before) < 5, "and when")
    monitor.event(event="step", nonce=got["nonce"],
                  steps=[{"letter": "h", "words": "help", "wait_ms": 0}])
    time.sleep(0.2)
    client.again()
    monitor.event(event="request", accepted=False, verdict="seen", seen=True)
    client.run("hg")
    got = monitor.event(event="request", accepted=False, verdict="refused-key", status="refused")
    same([s["reason"] for s in got["steps"]], ["ok", "key"], "each letter's reason")
    client.run("h +60s b")
    monitor.event(event="request", accepted=True)
    monitor.event(event="step")
    client.cancel()
    got = {e["event"]: e for e in (monitor.next()[0], monitor.next()[0])}
    same((got["request"]["type"], [s["letter"] for s in got["dropped"]["steps"]]),
         ("cancel", ["b"]), "a cancel, and the letters that it drops")

    other = host.new_key("other")
    monitor.event(event="key", key="other", change="new", key_id=other.id.hex())
    host.set_key("other", letters="s")
    monitor.event(event="key", change="settings")
    host.new_key("other", cmd=KEY_SET, overlap=100)
    monitor.event(event="key", change="new")
    monitor.event(event="key", change="replaced", key_id=other.id.hex())
    host.del_key("other")
    same({monitor.event(event="key", change="gone")["key_id"] for _ in range(2)} >
         {other.id.hex()}, True, "both are gone")

    forged = bytearray(client.sent)
    forged[90] ^= 1
    for _ in range(12):
        client.send(bytes(forged))
    host.client(key=srq.Key(bytes(32)), timeout=0.1).probe()
    while (line := monitor.line(3)):
        monitor.count(json.loads(line))
    same((monitor.counts.get("admission"), monitor.counts.get("key-unknown", 0) >= 1), (12, True),
         "what is forged is told by number")
    same(monitor.end(), 0, "^C ends it well")


def test_words(host):
    monitor = Monitor(host)
    client = host.client("127.0.0.1")
    client.probe()
    line = monitor.words()
    ok("key ops from 127.0.0.1 port " in line and "too soon after the key was set" in line,
       "a probe in words", line)
    client.run("h +1.5s h")
    line = monitor.words()
    ok(line.endswith(": run h +1.5s h: accepted"), "a run in words", line)
    lines = [monitor.words() for _ in range(2)]
    while "help" not in lines[-1]:
        lines.append(monitor.words())
    ok(any(line.endswith("key ops: h (help) handed to the kernel; left: h") for line in lines),
       "a step in words", lines)
    same(monitor.end(signal.SIGTERM), 0, "SIGTERM ends it well")


def test_ends(host):
    monitor = Monitor(host, "--count", "1000")
    begun = time.monotonic()
    for _ in range(1100):
        host.set_key("ops")
    lines = 0
    while monitor.line(3):
        lines += 1
    same((monitor.process.wait(20), lines < 1000), (0, True), "--count ends it")
    print(f"# {time.monotonic() - begun:.1f} s")
    begun = time.monotonic()
    same(subprocess.call(("sysrqctl", "monitor", "--timeout", "1.5s"), stdout=subprocess.DEVNULL),
         0, "--timeout ends it")
    ok(1.4 < time.monotonic() - begun < 10, "in time")
    with open("/dev/full", "w", encoding="ascii") as full:
        p = subprocess.Popen(("sysrqctl", "monitor"), stdout=full, stderr=subprocess.PIPE,
                             text=True)
        end = time.monotonic() + 20
        while p.poll() is None and time.monotonic() < end:
            host.set_key("ops")
            time.sleep(0.1)
        ok(p.poll() == 2 and "cannot write to standard output" in p.stderr.read(),
           "output that cannot be written ends it")


def test_overrun(host):
    """Stopped while more happens than its socket holds: it says so, and goes on."""
    monitor = Monitor(host, "--json")
    monitor.process.send_signal(signal.SIGSTOP)
    for _ in range(6000):
        host.set_key("ops")
    monitor.process.send_signal(signal.SIGCONT)
    events = []
    while (line := monitor.line(3)):
        events.append(json.loads(line)["event"])
    ok("overrun" in events and len(events) < 6000, f"an overrun is told, {len(events)} events",
       set(events))
    host.set_key("ops")
    monitor.event(event="key", change="settings")
    same(monitor.end(), 0, "and goes on")


def test_unload():
    """The module goes: so does the monitor, with a word."""
    with Host() as host:
        monitor = Monitor(host)
    sh("sleep 0.5; rmmod nft_sysrq")
    lines = []
    while (line := monitor.line(5)):
        lines.append(line)
    ok(monitor.process.wait(10) == 2 and "tells no counters any more" in lines[-1],
       "a module that is taken away ends it", lines)
    sh("modprobe nft_sysrq")


if __name__ == "__main__":
    write("/proc/sys/kernel/sysrq", 1)
    with Host() as the_host:
        test_json(the_host)
    with Host() as the_host:
        test_words(the_host)
        test_ends(the_host)
        test_overrun(the_host)
    test_unload()
    done()
