#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Would a request reach the rule? For rulesets of many kinds what is said is compared with what happens."""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, "/src/selftests/lib")
import nl  # noqa: E402
from host import STATS, STATS_GET, done, ok, same, sh  # noqa: E402
from netns import Peer, inside  # noqa: E402
from rawip import checksum  # noqa: E402
from rulesets import RULESETS  # noqa: E402

TOOL = "/usr/lib/nft-sysrq-tests/reach-live"
FILE = tempfile.mkdtemp() + "/ruleset.nft"
MENDED = ("after a drop of all UDP", "another table's policy before", "dropped in raw, by IPv4",
          "dropped at ingress", "redirected elsewhere", "TCP before the expression")
HEAD = b"SRQ\x01\x01\0\0\0"


def arrivals():
    """Requests with an unknown key that were at a rule."""
    got = genl.call(STATS_GET)[0]
    return int.from_bytes(got[STATS.index("key-unknown") + 1], "little")


def send(address, ping=False):
    """One datagram of a flow of its own, as a request is but for its key; does it arrive?"""
    before = arrivals()
    data = HEAD + os.urandom(86)
    six = ":" in address
    kind = socket.AF_INET6 if six else socket.AF_INET
    with inside("peer"):
        if ping:
            # The kernel does ICMPv6's checksum.
            data = bytes((128 if six else 8, 0, 0, 0)) + os.urandom(4) + data
            if not six:
                data = data[:2] + checksum(data).to_bytes(2, "big") + data[4:]
            sock = socket.socket(kind, socket.SOCK_RAW, 58 if six else 1)
        else:
            sock = socket.socket(kind, socket.SOCK_DGRAM)
    with sock:
        sock.sendto(data, (address, 0 if ping else 9))
    time.sleep(0.02)
    return arrivals() > before


def ask(*queries):
    """Of the only rule: {family: answer} of all requests, and of each query; and the words."""
    out = subprocess.run([TOOL, *queries], check=True, text=True, stdout=subprocess.PIPE).stdout
    answers = [dict(zip((4, 6), line.split(" ", 2))) for line in out.splitlines()]
    return answers, out


def load(text):
    """What nft says to it."""
    with open(FILE, "w", encoding="ascii") as file:
        file.write("flush ruleset\n" + text.replace("DEV", "toward"))
    return sh(f"nft -f {FILE}", check=False)


def compare(name, text):
    """One ruleset: by all that can be known, and by nothing but the ruleset."""
    said = load(text)
    if not ok(not said, f"{name}: nft takes it", said + text):
        return
    (general, four, six), words = ask("toward", "10.9.0.2", "10.9.0.1", "toward", "fd09::2", "fd09::1")
    for family, here, exact in ((4, "10.9.0.1", four[4]), (6, "fd09::1", six[6])):
        real = send(here, name.startswith("ping"))
        count[exact] += 1
        doubts[general[family]] += 1
        wrong = exact == ("never" if real else "ok")
        # What is said of all requests holds of this one, too; of "ok" only if the rule asks for such.
        wrong |= general[family] == "never" and real
        wrong |= general[family] == "ok" and not real and exact != "never"
        wrong |= exact == "maybe" and not name.endswith("?")
        ok(not wrong, f"{name}: IPv{family}: {exact}, of all {general[family]}; "
           f"{'it arrives' if real else 'it does not arrive'}", words)


def doctor():
    """What doctor says of rules' reach."""
    out = subprocess.run(["sysrqctl", "doctor", "--json"], check=False, text=True,
                         stdout=subprocess.PIPE).stdout
    return [f for f in map(json.loads, out.splitlines()) if f["topic"] == "reach"]


def mended(name):
    """The commands that doctor names do what they are for; then it has nothing to say of that."""
    load(dict(RULESETS)[name])
    found = doctor()
    for one in found:
        for command in one["mend"]:
            sh(command, check=False)
    ok(send("10.9.0.1") and send("fd09::1"), f"{name}: mended", found)
    found = doctor()
    ok("ok" in [one["grade"] for one in found], f"{name}: and doctor knows", found)


def cost():
    """A large ruleset takes its time, but not more."""
    sh("nft flush ruleset")
    with open(FILE, "w", encoding="ascii") as file:
        file.write("table inet filter { chain input { type filter hook input priority 0; }; }\n")
        for i in range(5000):
            file.write(f"add rule inet filter input ip saddr 10.{i >> 8}.{i & 255}.7 "
                       f"udp dport {i % 9 + 20} drop\n")
        file.write("add rule inet filter input udp dport 9 sysrq drop\n")
    sh(f"nft -f {FILE}")
    at = time.monotonic()
    answers, words = ask()
    same(answers, [{4: "ok", 6: "ok"}], "5,000 rules of others are told from ours")
    took = time.monotonic() - at
    print(f"# {took:.2f} s: {words}")
    ok(took < 20, "in seconds, on an emulated machine", took)


begun = time.monotonic()
genl = nl.Genl("nft_sysrq")
count = dict.fromkeys(("ok", "maybe", "never"), 0)
doubts = dict(count)
with Peer() as peer:
    lladdr = sh("cat /sys/class/net/toward/address").strip()
    for to in ("10.9.0.1", "fd09::1"):
        sh(f"ip -n peer neigh replace {to} lladdr {lladdr} nud permanent dev eth0")
    time.sleep(1)
    for one in RULESETS:
        compare(*one)
    for one in MENDED:
        mended(one)
    cost()
    sh("nft flush ruleset")
ok(len(RULESETS) >= 40, f"{len(RULESETS)} rulesets")
print(f"# {time.monotonic() - begun:.0f} s")
ok(count["maybe"] <= 8, f"of one sender: {count}")
ok(doubts["maybe"] <= 40, f"of all senders: {doubts}")
done()
