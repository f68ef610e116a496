#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""sysrqctl arm --hold: whatever becomes of the ruleset or of the process, not one request is lost; others'
tables, and others' rulesets, are left alone; and what it fights with, it does not fight for ever."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter

sys.path.insert(0, "/src/selftests/lib")
import nl  # noqa: E402
import srq  # noqa: E402
from holder import HELD, PLAIN, Asker, Holder, until  # noqa: E402
from host import (KEY_DEL, KEY_NEW, MATERIAL, NAME, STATS, STATS_GET, done,  # noqa: E402
                  key_settings, ok, same, sh)
from netns import Peer, inside  # noqa: E402

FIREWALL = """flush ruleset
table inet fw {
	chain input {
		type filter hook input priority 0; policy accept;
		udp dport 9 counter drop
	}
}
"""
KEYS = [f"ask{i}" for i in range(6)]
nft, genl = nl.Nft(), nl.Genl("nft_sysrq")
work = tempfile.mkdtemp()
os.chdir(work)


def key(name):
    """Room for 2,000 probes in 3 s."""
    material = os.urandom(32)
    genl.call(KEY_NEW, nl.attr(NAME, name), nl.attr(MATERIAL, material),
              *key_settings(window=4096, tolerance=3000))
    return srq.Key(material)


def stats():
    """The module's counters, of which Counter tells the difference."""
    got = genl.call(STATS_GET)[0]
    return Counter({name: int.from_bytes(got[i + 1], "little") for i, name in enumerate(STATS)})


def tables():
    return set(nft.tables())


def handle(name):
    return nft.tables()[name][4]


def both():
    return tables() >= {PLAIN, HELD}


def whole():
    """The plain table has its rules."""
    return PLAIN in tables() and "udp dport 9 sysrq drop" in sh("nft list table inet sysrq")


def tool(*words):
    got = subprocess.run(["sysrqctl", *words], text=True, check=False, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return got.returncode, got.stdout


def put(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def storm(turns, file=None):
    """Flushes, alone or with a firewall's file."""
    for _ in range(turns):
        if file:
            subprocess.run(["nft", "-f", file], check=True)
        else:
            nft.flush()
            time.sleep(0.005)


def no_port():
    """How many datagrams found nobody: what a gap does with a request."""
    with open("/proc/net/snmp", encoding="ascii") as file:
        names, values = [line.split() for line in file if line.startswith("Udp:")]
    return int(values[names.index("NoPorts")])


def none_lost(action, what):
    """While @action is under way, each request is answered."""
    start, before, counted = time.monotonic(), no_port(), stats()
    asker = Asker(clients)
    try:
        action()
    finally:
        asked, lost, other = asker.stop()
    astray = no_port() - before
    ok(asked > 50 and not lost and not other and not astray,
       f"{what}: none of the requests is lost", f"{asked} asked, {lost} lost, {astray} went astray; "
       f"other answers: {other}; counted: {stats() - counted}")
    print(f"# {asked} requests in {time.monotonic() - start:.1f} s")


def flushes(holder):
    none_lost(lambda: storm(400), "400 flushes")
    put("fw.nft", FIREWALL)
    none_lost(lambda: storm(12, "fw.nft"), "a firewall loaded 12 times with flush ruleset")
    ok(until(both), "the plain table is put back")
    ok("fw" in tables(), "the firewall is there")
    same(holder.said().count("again and again"), 1, "that this is a fight is said once")
    # On a slow machine it is only seen in the second storm.
    ok(re.search(rf"process ({os.getpid()} \(|\d+ \(nft\))", holder.said()), "and with whom", holder.said())


def deaths(holder):
    def kill():
        for _ in range(5):
            nft.flush()
            until(both)
            # What was under way when the table came back has met the other one.
            time.sleep(0.5)
            holder.forget()
            holder.end(signal.SIGKILL)
            holder.start()
    none_lost(kill, "killed 5 times, each after a flush")

    def kill_in_storm():
        for _ in range(5):
            storm(10)
            holder.end(signal.SIGKILL)
            storm(10)
            holder.start()
    none_lost(kill_in_storm, "killed 5 times amid flushes, its socket kept")
    ok(until(both), "both tables are there then")
    holder.forget()
    holder.end(signal.SIGKILL)
    same(tables() & {PLAIN, HELD}, {PLAIN}, "its death takes the held table")

    def rearm():
        for _ in range(5):
            holder.start()
            holder.forget()
            holder.end(signal.SIGTERM)
    none_lost(rearm, "ended by SIGTERM and begun again 5 times")


def signals(holder):
    holder.forget()
    holder.start()
    holder.process.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    ok(holder.process.poll() is None and both(), "SIGHUP does nothing")
    holder.forget()
    same((holder.end(signal.SIGTERM), tables() & {PLAIN, HELD}), (0, {PLAIN}),
         "SIGTERM leaves the plain table")
    holder.start()
    same((holder.end(signal.SIGINT), tables() & {PLAIN, HELD}), (0, set()), "SIGINT takes both")
    # As a shell has it for what runs in its background.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    holder.forget()
    holder.start("--silent")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    ok("sysrq silent drop" in sh("nft list table inet sysrq"), "options are heard")
    same((holder.end(signal.SIGINT), tables() & {PLAIN, HELD}), (0, set()),
         "also if it was ignored when it began")
    holder.forget()


def mended(holder):
    holder.start()
    changes = ("flush chain inet sysrq requests", "delete table inet sysrq",
               "add table inet sysrq { flags dormant; }", "flush table inet sysrq",
               "insert rule inet sysrq requests accept",
               "chain inet sysrq requests { policy drop; }")
    for change in changes:
        old = handle(PLAIN)
        sh(f"nft '{change}'")
        ok(until(lambda was=old: PLAIN in tables() and handle(PLAIN) != was) and whole(),
           f"put back after: {change}")
    for words in (("arm",), ("disarm",), ("arm", "--hold")):
        same(tool(*words), (2, f"sysrqctl {words[0]}: table inet sysrq is held by process "
                            f"{holder.process.pid}, sysrqctl arm --hold; end that by: "
                            f"kill -INT {holder.process.pid}\n"), f"held: {' '.join(words)}")


def unheard(holder, *commands):
    """While it is not heard, 5,000 rules are loaded, and that is followed by @commands."""
    holder.process.send_signal(signal.SIGSTOP)
    for command in ("nft -f big.nft", *commands):
        sh(command)
    holder.process.send_signal(signal.SIGCONT)


def many(holder):
    """More changes than the kernel keeps for a listener."""
    put("big.nft", "add table inet big\nadd chain inet big c\nflush chain inet big c\n" +
        "".join(f"add rule inet big c ip saddr 10.0.{i // 250}.{i % 250} accept\n"
                for i in range(5000)))
    old = handle(PLAIN)
    unheard(holder, "nft delete table inet sysrq")
    ok(until(lambda: both() and handle(PLAIN) != old and whole()),
       "put back, though the news of its loss was lost")
    old = handle(PLAIN)
    unheard(holder)
    time.sleep(2)
    same(handle(PLAIN), old, "where news were lost, what is well is left alone")
    sh("nft delete table inet big")


def saved():
    """A list of the ruleset may be loaded at any time."""
    put("fw.nft", FIREWALL)
    sh("nft -f fw.nft")
    for program in ("nft", "/usr/sbin/nft"):
        until(both)
        text = sh(f"{program} list ruleset")
        ok(f"table inet {HELD}" in text and "flags owner" in text, f"{program} lists it", text)
        put("saved", text)
        put("reload", "flush ruleset\n" + text)
        owner = nft.tables()[HELD]
        # Without a flush, what the plain table lacks is added to it.
        for file in ("reload", "saved"):
            got = subprocess.run([program, "-f", file], text=True, check=False,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            same((got.returncode, got.stdout), (0, ""), f"{program} loads what it has listed: {file}")
            ok(until(lambda: both() and whole()), "the plain table is as it was")
        same(nft.tables()[HELD], owner, "the held one, too")
        same(tables(), {"fw", PLAIN, HELD}, "there is no other")
        same(subprocess.run([program, "-c", "-f", "reload"], check=False).returncode, 0,
             "nor does it object to it")


def foreign(holder):
    # In one transaction, so that ours cannot be put back between the two.
    nft.batch("inet", (nft.DELTABLE, nl.attr(1, PLAIN)), (nft.NEWTABLE, nl.attr(1, PLAIN)))
    theirs = "there is a table inet sysrq that sysrqctl arm has not made; it is left alone"
    ok(until(lambda: theirs in holder.said()) and 6 not in nft.tables()[PLAIN],
       "another's table in place of ours is left alone")
    same(holder.said().count(theirs), 1, "which is said once")
    nft.delete("inet", PLAIN)
    ok(until(lambda: both() and whole()), "until it is gone")
    holder.end(signal.SIGINT)
    holder.forget()
    nft.flush()
    for name, shown in ((PLAIN, "sysrq"), (HELD, f"'{HELD}'")):
        nft.batch("inet", (nft.NEWTABLE, nl.attr(1, name)))
        same(tool("arm", "--hold"), (2, f"sysrqctl arm: there is a table inet {shown} that sysrqctl arm "
                                     "has not made; it is left alone\n"), f"another's table {shown}")
        same(tables(), {name}, "nothing else was made")
        nft.delete("inet", name)
    got = subprocess.run("setpriv --reuid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "
                         "sysrqctl arm --hold", shell=True, text=True, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    same((got.returncode, got.stdout),
         (2, "sysrqctl arm: table inet sysrq: not permitted; only root may, and in no user "
          "namespace\n"), "not root")


def waits():
    """What the kernel has no room for now is waited for, and complained of once."""
    process = subprocess.Popen(["prlimit", "--nofile=4:64", "sysrqctl", "arm", "--hold"],
                               stderr=subprocess.PIPE, text=True)
    said = process.stderr.readline()
    time.sleep(3)
    same((process.poll(), tables()), (None, set()), "no descriptor left: it waits")
    subprocess.run(["prlimit", "--pid", str(process.pid), "--nofile=64:64"], check=True)
    ok(until(both, 15), "it goes on when there is one")
    process.send_signal(signal.SIGINT)
    same((said + process.stderr.read(), process.wait()),
         ("sysrqctl arm: table inet sysrq: Too many open files\n", 0), "said once")


def fight(holder):
    """Flushed without end, the plain table is put back ever more seldom."""
    holder.start()
    first = int.from_bytes(handle(PLAIN), "big")
    end = time.monotonic() + 8
    while time.monotonic() < end:
        nft.flush()
        time.sleep(0.002)
    ok(until(both, 15), "after a fight the plain table comes back")
    # Each time takes two numbers.
    turns = (int.from_bytes(handle(PLAIN), "big") - first) // 2
    ok(4 <= turns <= 14, "in 8 s of a fight it was put back some times, not hundreds of times", turns)
    same(holder.end(signal.SIGINT), 0, "end")


with Peer() as peer:
    with inside(peer.name):
        clients = [srq.Client("10.9.0.1", key(name)) for name in KEYS]
    sh("nft flush ruleset")
    daemon = Holder()
    daemon.start()
    ok(daemon.kept is not None, "it has its socket kept")
    same(set(nft.tables()), {PLAIN, HELD}, "there are both tables")
    for one in clients:
        ok(one.probe(), "a request passes")
    flushes(daemon)
    deaths(daemon)
    signals(daemon)
    mended(daemon)
    saved()
    many(daemon)
    foreign(daemon)
    waits()
    fight(Holder())
for name in KEYS:
    genl.call(KEY_DEL, nl.attr(NAME, name))
sh("nft flush ruleset")
done()
