#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A thousand requests by the tool through a network that loses, repeats, delays and reorders, both
ways: each runs once, and its sender is told so. Besides, a hundred whose senders are in a hurry: what
those are told is true as well, also that nobody knows.

Each request is a number, in four log-level letters. What has run is told by the module's events, for
each request by its nonce, and as a whole by the lines that the kernel itself logs.
"""
import collections
import json
import os
import re
import socket
import subprocess
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
from ear import Ear  # noqa: E402
from host import Host, Log, done, ok, same, sh, sysrq_for_all  # noqa: E402
from netns import Peer, inside  # noqa: E402
from tool import Tool  # noqa: E402

COUNT = 1000
HURRIED = range(COUNT, COUNT + 100)
ALL = range(HURRIED.stop)
AT_ONCE = 12
SECONDS = 300
NETEM = "netem delay 40ms 30ms loss 30% duplicate 10% limit 10000"
DIGITS = "012345678"
SO_RCVBUFFORCE = 33


def letters(number):
    text = ""
    for _ in range(4):
        text = DIGITS[number % 9] + text
        number //= 9
    return text


def start(tool, number):
    """Without waits: those with waits would replace each other. Each fourth also goes blind, by the
    epoch that is remembered or, where nothing is, by the wall clock."""
    more = ["--blind", "--identity", "web1"] if number % 4 == 0 else ["--strict"]
    # Who waits 20 s is answered, but for one in a million; of those who wait 0.6 s a third are not.
    more += ["--timeout", "600ms" if number in HURRIED else "20s"]
    env = dict(tool.env, XDG_STATE_HOME=f"{tool.dir}/{number if number % 8 == 0 else 'all'}")
    steps = [letter + "+0" for letter in letters(number)[:3]] + [letters(number)[3]]
    return subprocess.Popen(["sysrqctl", "send", "--json", "--key", tool.keyfile, *more, "10.9.0.1",
                             *steps], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env=env)


def send_all(tool, ear, log):
    """{number: what the tool said of it}."""
    todo, running, told = collections.deque(ALL), {}, {}
    end = time.monotonic() + SECONDS
    while (todo or running) and time.monotonic() < end:
        while todo and len(running) < AT_ONCE:
            number = todo.popleft()
            process = start(tool, number)
            running[process.pid] = (number, process)
        pid, status = os.wait()
        number, process = running.pop(pid)
        process.returncode = os.waitstatus_to_exitcode(status)
        told[number] = (process.returncode, process.stdout.read())
        process.stdout.close()
        log.read()
        ear.drain()
    for _, process in running.values():
        process.kill()
    return told


def how_bad(sender, receiver, address, count=600):
    """What the network does to datagrams: lost, repeated, overtaken by a later one."""
    receiver.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
    receiver.bind((address, 9999))
    receiver.settimeout(1)
    for i in range(count):
        sender.sendto(str(i).encode(), (address, 9999))
        time.sleep(0.001)
    got = []
    try:
        while True:
            got.append(int(receiver.recv(16)))
    except TimeoutError:
        pass
    lost, most = count - len(set(got)), got[:1]
    overtaken = 0
    for number in got:
        overtaken += number < most[0]
        most[0] = max(most[0], number)
    return lost / count, (len(got) - len(set(got))) / count, overtaken / count


def check_network():
    """Both ways, as bad as it should be."""
    with inside("peer"):
        there = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(2)]
    here = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(2)]
    for what, bad in (("to the peer", how_bad(here[0], there[0], "10.9.0.2")),
                      ("to the host", how_bad(there[1], here[1], "10.9.0.1"))):
        ok(0.18 < bad[0] < 0.42 and bad[1] > 0.02 and bad[2] > 0.1,
           "the network %s: %.0f %% lost, %.0f %% repeated, %.0f %% overtaken" %
           (what, *(100 * share for share in bad)))
    for sock in here + there:
        sock.close()


def setup_network():
    sh("modprobe sch_netem")
    sh(f"tc qdisc add dev toward root {NETEM} && ip netns exec peer tc qdisc add dev eth0 root {NETEM}")
    # Address resolution is not what is tested here.
    sh("ip neigh replace 10.9.0.2 lladdr $(ip netns exec peer cat /sys/class/net/eth0/address) "
       "dev toward nud permanent && ip -n peer neigh replace 10.9.0.1 "
       "lladdr $(cat /sys/class/net/toward/address) dev eth0 nud permanent")


def judge(answers, ear, log, stats):
    numbers = [text for _, text in ear.runs]
    logged = re.findall(r"Loglevel set to (\d)", "\n".join(log.read()))
    known = {letters(number): number for number in ALL}

    # Exactly once.
    same((ear.lost, len(ear.runs)), (0, stats.get("run")), "an event told of each run")
    same(sorted(set(numbers) - set(known)), [], "nothing was accepted that was not sent")
    same([n for n, times in collections.Counter(numbers).items() if times > 1], [],
         "nothing was accepted twice")
    wrong = {nonce.hex(): (text, ear.steps.get(nonce)) for nonce, text in ear.runs
             if ear.steps.get(nonce) != text}
    same((wrong, len(ear.steps)), ({}, len(ear.runs)),
         "of each accepted request each letter ran once, in order")
    same((collections.Counter(logged), len(logged)),
         (collections.Counter("".join(numbers)), stats.get("steps")), "the kernel's log says the same")

    # And truthfully.
    accepted = {n for n, a in answers.items() if (a["outcome"], a["status"]) == ("ok", "ok")}
    unknown = {n for n, a in answers.items() if a["outcome"] == "no-answer" and a["runs_until_s"]}
    ran = {known[text] for text in numbers if text in known}
    same(sorted(set(range(COUNT)) - ran), [], f"each of the {COUNT} has run")
    same(sorted(set(range(COUNT)) - accepted), [], "and was reported as accepted")
    same(sorted(accepted - ran), [], "what was reported so has run, of the hurried ones, too")
    print(f"# {len(unknown)} may have run by their reports; {len(unknown & ran)} have")
    ok(unknown, "of some nobody knew")
    same(sorted(ran - accepted - unknown), [], "of the others only what was said may have")
    ok(any(a["blind"] for a in answers.values()), "some were sent blind, too")


def main():
    tool = Tool()
    with Peer(), Host(material=tool.material, window=4096, tolerance=10000, identity="web1") as host:
        setup_network()
        began = time.monotonic()
        check_network()
        # Blind ones are taken from a tolerance after the key was set.
        time.sleep(max(0, began + 10.5 - time.monotonic()))
        ear, log, before, began = Ear(), Log(), host.stats(), time.monotonic()
        with inside("peer"):
            told = send_all(tool, ear, log)
        took = time.monotonic() - began
        ear.drain(1)  # what is still on its way
        after = host.stats()
        stats = {name: after[name] - before[name] for name in after if after[name] != before[name]}

    same(len(told), len(ALL), f"all {len(ALL)} have come to an end (in {took:.0f} s)")
    answers = {number: json.loads(text) for number, (_, text) in told.items() if text[:1] == "{"}
    same(len(answers), len(told), "the tool told of each")
    kinds = collections.Counter((a["outcome"], a["status"], told[n][0]) for n, a in answers.items())
    print(f"# {dict(kinds)}\n# {stats}")
    same({kind for kind in kinds if kind[2] != (0 if kind[0] == "ok" else
                                                1 if kind[0] == "refused" else 3)},
         set(), "its exit status is that of the outcome")

    ok(stats.get("seen", 0) + stats.get("seen-limited", 0) >= 100, "requests came more than once", stats)
    judge(answers, ear, log, stats)


with sysrq_for_all():
    main()
done()
