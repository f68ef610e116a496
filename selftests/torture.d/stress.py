#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Inside a guest: rules, keys, network namespaces and the module come and go, while requests fly: stress.py SECONDS

Prints TAP, and what each process did. The kernel log is judged by who runs the guest.
"""
import ast
import collections
import multiprocessing
import os
import signal
import sys
import time

sys.path[:0] = ["/src/selftests/lib", "/src/selftests/torture.d"]
import fuzz  # noqa: E402
import lanes  # noqa: E402
import workers  # noqa: E402
from host import STATS, done, ok, same, sh, write  # noqa: E402

SENDERS = 2
# What a request may be counted as once its HMAC holds.
GENUINE = STATS[STATS.index("malformed"):STATS.index("reply-sent")]


def reap(pid, pipe, seconds):
    """What a worker did, or None if it failed or would not end."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            with os.fdopen(pipe, "rb") as file:
                told = file.read().decode()
            return ast.literal_eval(told) if told and not status else None
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def traffic(end):
    """Senders, one after the other on each set of lanes, until the end; what they tell."""
    total, seed = [], 1
    senders = {}
    while time.monotonic() < end:
        left = max(1, min(60, int(end - time.monotonic())))
        for first in road_sets():
            # They would leave little to the others.
            senders[first] = lanes.Sender(10 ** 9, seed, left, first, nice=10)
            seed += 1
        got = [sender.wait() for sender in senders.values()]
        total += got
        if not all("sent" in told for told in got):
            break
    return total


def road_sets():
    return [lanes.SET * i for i in range(SENDERS)]


def main(seconds):
    write("/proc/sys/kernel/sysrq", lanes.MASK)
    lanes.Keys().put_all()
    with lanes.Lanes(SENDERS, empty=True):
        time.sleep(3.5)
        end, gap = time.monotonic() + seconds, multiprocessing.Event()
        crowd = [workers.Keys(1, end), workers.Keys(2, end), workers.Readers(3, end), workers.Readers(4, end),
                 workers.Rules(5, end, 0, gap), workers.Rules(6, end, 4, gap), workers.Namespaces(7, end),
                 workers.Namespaces(8, end), workers.Module(9, end, gap), workers.Sysctl(10, end)]
        started = [workers.start(worker) for worker in crowd]
        told = traffic(end)
        did = [reap(pid, pipe, 180) for pid, pipe in started]
        judge(did, told)
        afterwards()
    write("/proc/sys/kernel/sysrq", 438)
    done()


def judge(did, told):
    for got in did:
        print(f"# {got}")
    sent = sum(got.get("sent", 0) for got in told)
    status = collections.Counter()
    for got in told:
        status.update(got)
    print(f"# senders: {dict(status)}", flush=True)
    ok(all(did), "every process has ended as it should", did)
    counted = {name: work for name, work in (got for got in did if got) if name in ("Module", "Namespaces", "Rules")}
    ok(counted.get("Module", {}).get("unloaded", 0) > 0, "the module went and came", counted)
    ok(counted.get("Namespaces", {}).get("answered", 0) > 0, "requests were answered in namespaces that came and went",
       counted)
    ok(all("sent" in got for got in told), "the senders tell what they sent", told)
    ok(sent > 1000 and status["ok"] > 0 and status["stale"] > 0, f"{sent} datagrams were sent, some of them answered")
    same(status["unfounded"], 0, "nobody was answered who has no key")


def afterwards():
    """All is as if nothing had been."""
    sh("modprobe nft_sysrq")
    keys = lanes.Keys()
    stats = keys.stats()
    ok(stats["reply-sent"] + stats["reply-failed"] <= sum(stats[name] for name in GENUINE),
       "since the module was loaded last, nobody was answered but for a genuine request", stats)
    same(keys.exprs(), 0, "no rule is left, and none is counted")
    keys.delete_all()
    same(keys.names(), [], "all keys are deleted")
    keys.cancel()
    ok(fuzz.unloads(), "nothing holds the module")
    keys = lanes.Keys()
    keys.put_all()
    for first in road_sets():
        lanes.add_rules(first)
    time.sleep(3.5)
    fuzz.at_the_end(keys)


main(int(sys.argv[1]))
