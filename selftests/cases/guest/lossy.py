#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A thousand requests by the tool through a network that loses, repeats, delays and reorders, both
ways: each runs once, and its sender is told the truth.

Each request is a number, in four log-level letters; the kernel's own log lines tell which have run.
"""
import collections
import json
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
from host import Host, Log, done, ok, same, sh, write  # noqa: E402
from netns import Peer, inside  # noqa: E402

COUNT = 1000
AT_ONCE = 12
SECONDS = 150
NETEM = "netem delay 40ms 30ms loss 30% duplicate 10% limit 10000"
DIGITS = "012345678"


def letters(number):
    text = ""
    for _ in range(4):
        text = DIGITS[number % 9] + text
        number //= 9
    return text


def command(number, key):
    """Without waits: those with waits would replace each other. Each fourth also goes blind."""
    more = ["--blind", "--identity", "web1"] if number % 4 == 0 else ["--strict"]
    steps = [letter + "+0" for letter in letters(number)[:3]] + [letters(number)[3]]
    return ["sysrqctl", "send", "--json", "--key", key, *more, "10.9.0.1", *steps]


def send_all(key, log):
    """{number: what the tool said of it}."""
    todo, running, told = list(range(COUNT)), {}, {}
    end = time.monotonic() + SECONDS
    while (todo or running) and time.monotonic() < end:
        while todo and len(running) < AT_ONCE:
            number = todo.pop(0)
            tool = subprocess.Popen(command(number, key), stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True)
            running[tool.pid] = (number, tool)
        pid = os.wait()[0]
        number, tool = running.pop(pid)
        told[number] = tool.stdout.read()
        tool.stdout.close()
        tool.returncode = 0
        log.read()
    for number, tool in running.values():
        tool.kill()
    return told


def dropped(out):
    found = re.search(r"Sent \d+ bytes (\d+) pkt \(dropped (\d+)", out)
    return int(found[1]), int(found[2])


def runs(log):
    """How often each number has run, of the log's lines: four a program."""
    seen = "".join(re.findall(r"Loglevel set to (\d)", "\n".join(log.read())))
    return seen, collections.Counter(seen[i:i + 4] for i in range(0, len(seen), 4))


with open("/proc/sys/kernel/printk", encoding="ascii") as file:
    loglevel = file.read().strip()
write("/proc/sys/kernel/sysrq", 1)
sh("modprobe sch_netem")
os.umask(0o077)
os.chdir(sh("mktemp -d").strip())
with open("lossy.key", "w", encoding="ascii") as file:
    file.write(sh("sysrqctl key gen"))
secret = bytes.fromhex(re.search("key: ([0-9a-f]{64})", open("lossy.key", encoding="ascii").read())[1])

with Peer(), Host(material=secret, window=4096, tolerance=20000, identity="web1") as host:
    sh(f"tc qdisc add dev toward root {NETEM}; ip netns exec peer tc qdisc add dev eth0 root {NETEM}; "
       "ip neigh replace 10.9.0.2 lladdr $(ip netns exec peer cat /sys/class/net/eth0/address) "
       "dev toward nud permanent; ip -n peer neigh replace 10.9.0.1 "
       "lladdr $(cat /sys/class/net/toward/address) dev eth0 nud permanent")
    time.sleep(20.5)  # blind ones are taken from a tolerance after the key was set
    log, before, start = Log(), host.stats(), time.monotonic()
    with inside("peer"):
        told = send_all("lossy.key", log)
    took = time.monotonic() - start
    time.sleep(1)  # what is still on its way
    after = host.stats()
    stats = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    nets = [dropped(sh("tc -s qdisc show dev toward")),
            dropped(sh("ip netns exec peer tc -s qdisc show dev eth0"))]

seen, times = runs(log)
write("/proc/sys/kernel/printk", loglevel)
write("/proc/sys/kernel/sysrq", 438)

same(len(told), COUNT, f"all {COUNT} have come to an end (in {took:.0f} s)")
answers = {}
for number, text in told.items():
    try:
        answers[number] = json.loads(text)
    except ValueError:
        ok(False, f"{letters(number)}: what the tool said is JSON", text)
kinds = collections.Counter((a["outcome"], a["status"]) for a in answers.values())
print(f"# {dict(kinds)}\n# {stats}\n# sent and dropped, host and peer: {nets}")

# The network was as bad as it should be.
for who, (sent, lost) in zip(("to the peer", "to the host"), nets):
    ok(0.2 < lost / (sent + lost) < 0.4, f"packets {who} were lost", (sent, lost))
ok(stats.get("seen", 0) + stats.get("seen-limited", 0) >= 100, "requests came more than once", stats)

# Exactly once.
same(len(seen), stats.get("steps"), "the log has each step")
same(len(seen), 4 * stats.get("run", 0), "each request that was accepted has run, and nothing else")
known = {letters(number): number for number in range(COUNT)}
same(sorted(set(times) - set(known)), [], "nothing ran that was not sent")
same([n for n, count in times.items() if count > 1], [], "nothing ran twice")

# And truthfully.
accepted = {n for n, a in answers.items() if (a["outcome"], a["status"]) == ("ok", "ok")}
unknown = {n for n, a in answers.items() if a["outcome"] == "no-answer" and a["runs_until_s"]}
ran = {known[n] for n in times if n in known}
ok(len(accepted) > COUNT * 0.8, f"{len(accepted)} were reported as accepted", kinds)
same(sorted(accepted - ran), [], "each of them has run")
print(f"# {len(unknown)} may still run by their reports; {len(unknown & ran)} have run")
same(sorted(ran - accepted - unknown), [], "of the others only what was said may still run")
ok(any(a["blind"] for a in answers.values()), "some were sent blind, too")
done()
