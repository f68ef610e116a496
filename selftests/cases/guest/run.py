#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Genuine requests run, in every family of tables and over IPv4 and IPv6."""
import os
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
from host import Host, Log, done, ok, same, write  # noqa: E402

write("/proc/sys/kernel/sysrq", 1)

for family, addresses in (("inet", ("127.0.0.1", "::1", "10.0.2.15", "fec0::15")),
                          ("ip", ("127.0.0.1",)), ("ip6", ("::1",))):
    with Host(family=family) as host:
        for address in addresses:
            client = host.client(address)
            reply = client.probe()
            ok(reply and reply.epoch != bytes(8), f"{family} {address}: a probe tells the epoch")
            log = Log()
            before = host.hits()
            reply = client.run("h")
            ok(reply and reply.status == 0, f"{family} {address}: h is accepted")
            ok(log.wait(r"sysrq: HELP"), f"{family} {address}: the kernel prints its help")
            same(host.hits() - before, 1, f"{family} {address}: the rule matches once")
            ok(log.wait(rf"nft_sysrq: key ops from {address}: run h$") and
               log.count("nft_sysrq") == 1,
               f"{family} {address}: one line in the log says who and what", log.lines)

with Host() as host:
    client = host.client()
    log = Log()
    same(client.run("s").status, 0, "s is accepted")
    ok(log.wait(r"Emergency Sync complete"), "s: the kernel syncs", log.lines)
    same(client.run("t").status, 0, "t is accepted")
    ok(log.wait(r"sysrq: Show State") and log.wait(r"task:(python3|busybox)", 20),
       "t: the kernel lists tasks")
    same(client.run("m").status, 0, "m is accepted")
    ok(log.wait(r"Mem-Info"), "m: the kernel shows memory")

    log = Log()
    start = time.monotonic()
    reply = client.run("h +500ms h +1s h")
    ok(reply.status == 0 and reply.fires_s in (0, 1), "a program with waits is accepted", reply)
    run = client.request
    pending = client.probe(page=1, wall=False)
    ok(pending.pending_page and pending.pending_nonce == run.nonce,
       "the pending program is told", pending)
    while log.count("HELP") < 3 and time.monotonic() < start + 10:
        time.sleep(0.01)
    took = time.monotonic() - start
    ok(log.count("HELP") == 3 and 1.5 <= took < 4, "its steps run, with its waits", took)
    time.sleep(0.2)
    same(client.probe(wall=False).fires_s, 0xffff, "nothing is pending after it")

    log = Log()
    same(client.run([(ord("h"), 0)] * 11).status, 0, "eleven steps at once are accepted")
    log.wait("no such line", 1)
    same(log.count("HELP"), 11, "all of them run")

    # Silent rules do, and say nothing.
with Host(flags=1) as host:
    client = host.client(timeout=0.5)
    log = Log()
    key = host.keys()["ops"]
    epoch = key[14][::-1]
    with open("/proc/uptime", encoding="ascii") as file:
        now = int(float(file.read().split()[0]) * 1e9)
    ok(client.run("h", epoch=epoch, stamp=now) is None, "a silent rule does not answer")
    ok(log.wait("HELP"), "but the step runs")

# The key that a rule names is the only one that it takes.
with Host(name="ops", rule_key="ops") as host:
    other = host.new_key("other")
    client = host.client(key=other, timeout=0.5, tries=1)
    counted = host.counted(lambda: ok(client.probe() is None, "another key is not answered"))
    same(counted, {"key-other": 1}, "and counted as such")
    ok(host.client().probe(), "the named key is answered")

# Refusals name the step and the reason, and nothing runs.
with Host(letters="hsb") as host:
    client = host.client()
    write("/proc/sys/kernel/sysrq", 438)
    log = Log()
    reply = client.run("h s t c")
    same((reply.status, reply.reasons[:4], reply.mask), (3, [0, 0, 2, 2], 438),
         "letters beyond the key's are refused by name")
    host.set_key("ops", letters="hstcy")
    reply = client.run("h s t c y")
    same((reply.status, reply.reasons[:5]), (3, [0, 0, 1, 1, 3]),
         "letters beyond kernel.sysrq, and unknown ones, are refused by name")
    reply = client.probe("h s t c y", wall=False)
    same((reply.status, reply.reasons[:5]), (3, [0, 0, 1, 1, 3]), "a dry run says the same")
    log.wait("no such line", 0.5)
    same(log.count("HELP|sysrq: "), 0, "and nothing ran")
    write("/proc/sys/kernel/sysrq", 0)
    same(client.run("s").status, 3, "kernel.sysrq=0 refuses s")
    same(client.run("h").status, 3, "kernel.sysrq=0 refuses even h")
    write("/proc/sys/kernel/sysrq", 2)
    same(client.run("h").status, 0, "which needs no more than that it is not 0")
os.sync()
write("/proc/sys/kernel/sysrq", 438)
done()
