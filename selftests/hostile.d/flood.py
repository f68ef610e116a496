#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Inside a guest: floods from one namespace, requests by the tool from another: flood.py REQUESTS

Each request is answered, and what is to run runs once. What has run is told by events, by the module's
counters, and by the lines that the kernel itself logs.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, "/src/selftests/lib")
from ear import Ear, Listening  # noqa: E402
from flooding import Flood, Recorder  # noqa: E402
from host import Host, Log, done, ok, same, sh, sysrq_for_all, write  # noqa: E402
from netns import Peer, inside  # noqa: E402
from tool import Tool  # noqa: E402

# Letters that set the log level: each kind of flood has one of its own.
KINDS = {"garbage": "2", "stranger": "3", "forged": "4", "changed": "5", "recorded": "6"}
HOSTS = 50
# Programs without waits run one beside the other, but not any number of them: more are refused as "busy".
AT_ONCE = 8
BACKLOG = "/proc/sys/net/core/netdev_max_backlog"


def dropped():
    """Packets that the queues of this machine's processors had no room for."""
    with open("/proc/net/softnet_stat", encoding="ascii") as file:
        return sum(int(line.split()[1], 16) for line in file)


class Senders:
    """The tool in the namespace peer. It asks each host once: so this one has addresses enough."""

    def __init__(self, tool):
        self.tool = tool
        batch = "".join(f"addr add 10.9.1.{n}/32 dev toward\n" for n in range(1, HOSTS + 1))
        subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)
        sh("ip -n peer route add 10.9.1.0/24 via 10.9.0.1")
        with tempfile.NamedTemporaryFile("w", suffix=".hosts", delete=False) as file:
            file.writelines(f"10.9.1.{n}\n" for n in range(1, HOSTS + 1))
        self.hosts = file.name

    def ask(self, command, letters):
        """HOSTS requests; what became of each: {(outcome, status): n}"""
        with inside("peer"):
            out = subprocess.run(["sysrqctl", command, "--json", "--key", self.tool.keyfile, "--timeout", "20s",
                                  "--parallel", str(AT_ONCE), *(["--strict"] if command == "send" else []), "--hosts-file", self.hosts,
                                  letters], env=self.tool.env, check=False, text=True, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        told = [json.loads(line) for line in out.stdout.splitlines() if line.startswith("{")]
        got = collections.Counter((t.get("outcome"), t.get("status")) for t in told if "host" in t)
        if not got:
            got[("nothing", out.stderr)] += 1
        return got


class Course:
    """A flood with requests in it, and what is to be said of it."""

    def __init__(self, host, senders, ear, log):
        self.host, self.senders, self.ear, self.log = host, senders, ear, log
        self.logged = collections.Counter()

    def count_lines(self):
        lines = self.log.read()
        self.logged.update(re.findall(r"Loglevel set to (\d)", "\n".join(lines)))
        lines.clear()

    def requests(self, letter, rounds):
        """What became of dry runs, and of runs."""
        dry, run = collections.Counter(), collections.Counter()
        for _ in range(rounds):
            dry += self.senders.ask("probe", letter)
            run += self.senders.ask("send", letter)
            self.count_lines()
        time.sleep(1)
        self.count_lines()
        return dry, run

    def check(self, what, letter, rounds, flood):
        """@flood(): Floods, entered."""
        number = rounds * HOSTS
        before, drops, runs, began = self.host.stats(), dropped(), len(self.ear.runs), time.monotonic()
        self.logged.clear()
        self.ear.lost = 0
        floods = flood()
        for one in floods:
            one.__enter__()
        try:
            with Listening(self.ear):
                dry, run = self.requests(letter, rounds)
        finally:
            for one in floods:
                one.__exit__()
        self.ear.drain(1)
        after, drops, took = self.host.stats(), dropped() - drops, time.monotonic() - began
        stats = {name: after[name] - before[name] for name in after if after[name] != before[name]}
        told = collections.Counter()
        for one in floods:
            told.update(one.told)
        print(f"# {what}: {told['sent']} datagrams in {took:.0f} s, {drops} dropped by queues; {stats}", flush=True)

        same(dict(dry), {("ok", "ok"): number}, f"{what}: {number} dry runs are answered")
        same(dict(run), {("ok", "ok"): number}, f"{what}: {number} requests are answered")
        same((stats.get("run"), stats.get("steps"), dict(self.logged)), (number, number, {letter: number}),
             f"{what}: so many were accepted, and have run")
        mine = self.ear.runs[runs:]
        ok(self.ear.lost or ([self.ear.steps[nonce] for nonce in dict(mine)], len(mine)) ==
           ([letter] * number, number), f"{what}: each of them once, by its nonce" +
           (" (not told: events were lost)" if self.ear.lost else ""), mine)
        ok(told["sent"] > 20 * number, f"{what}: among {told['sent']} others")
        return told, drops, stats


def main(requests):
    tool = Tool()
    rounds = max(1, requests // (2 * HOSTS * len(KINDS)))
    cpus = sorted(os.sched_getaffinity(0))
    with Peer(), Peer(name="flooder", dev="hostile", net=8), \
            Host(material=tool.material, window=4096, tolerance=3000) as host:
        senders, recorder, log, ear = Senders(tool), Recorder("peer"), Log(), Ear()
        course = Course(host, senders, ear, log)
        time.sleep(3.5)  # from then on it takes the wall clock of probes

        def flood(kind, only=None):
            need = kind in ("forged", "changed", "recorded")
            records = recorder.read() if need else None
            return lambda: [Flood("10.8.0.1", kind, records, namespace="flooder", cpu=cpu)
                            for cpu in cpus if only in (None, cpu)]

        for kind, letter in KINDS.items():
            told, _, _ = course.check(kind, letter, rounds, flood(kind))
            same(told["new"], 0, f"{kind}: nothing of it is answered as if it were new")
            if kind != "recorded":
                same(sum(told[name] for name in ("stale", "full", "seen", "page")), 0,
                     f"{kind}: nothing of it is answered at all")
            else:
                print(f"# {len(recorder.datagrams)} recordings")

        # Where the network itself loses requests and answers, the tool asks again.
        with open(BACKLOG, encoding="ascii") as file:
            usual = file.read()
        write(BACKLOG, 1)
        _, drops, _ = course.check("queues of one packet", "7", 1, flood("forged"))
        write(BACKLOG, usual)
        ok(drops > 0, f"queues of one packet: {drops} were dropped")


with sysrq_for_all():
    main(int(sys.argv[1]))
done()
