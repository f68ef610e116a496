#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The tool against the module: cancel, later programs, sequences, parts, what is remembered."""
import json
import re
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
from host import Host, Log, done, ok, same, sh, write  # noqa: E402
from tool import Tool  # noqa: E402

PENDING = 9
HERE = "127.0.0.1"

write("/proc/sys/kernel/sysrq", 438)
tool = Tool()


def says(text, what):
    ok(text in tool.out, what, tool.said())


with Host(material=tool.material, wall=0) as host:
    def pending():
        return PENDING in host.status()

    # A change that is guarded by a restart, and the restart that is called off.
    same(tool.run("send", "--after", "5m", HERE, "b"), 0, "send --after 5m b")
    says(f"restarts in 5 min 0 s; 'sysrqctl cancel --key {tool.keyfile} {HERE}' stops it",
         "says when it fires, and how to stop it")
    ok(pending(), "it is pending")
    tool.run("probe", HERE)
    ok("; a program is pending: reboot in 4 min " in tool.out, "probe tells of it", tool.said())
    told = tool.json("probe", HERE)["pending"]
    ok(told["whole"] and 280000 < told["fires_ms"] <= 300000, "probe --json, too", told)
    shown = sh("sysrqctl show")
    ok(re.search(r"^pending: by key ops, in 4 min \S+ s: reboot$", shown, re.M),
       "so does show, on the host itself", shown)
    told = json.loads(sh("sysrqctl show --json"))["pending"]
    ok(told["key"] == "ops" and 280000 < told["fires_ms"] <= 300000 and
       [step["letter"] for step in told["steps"]] == ["b"], "show --json, too", told)
    same((tool.run("cancel", HERE), tool.out), (0, f"ops@{HERE}: cancelled\n"), "cancel")
    ok(not pending(), "nothing is pending")
    same((tool.run("cancel", HERE), tool.out), (0, f"ops@{HERE}: nothing was pending\n"),
         "cancel again")

    log = Log()
    start = time.monotonic()
    same(tool.run("send", "--after", "1500ms", HERE, "h"), 0, "send --after 1.5s h")
    ok(log.wait("sysrq: HELP", 10) and time.monotonic() - start > 1.4, "runs, and not before")

    # Another key's program.
    strong = Tool("strong")
    host.new_key("strong", strong.material)
    same(strong.run("send", "--after", "1m", HERE, "s"), 0, "another key's program")
    host.set_key("ops", letters="h")
    same(tool.run("cancel", HERE), 1, "a key without its letters does not cancel it")
    says("refused: another key's program is pending", "and is told why")
    ok(pending(), "it stays")
    same(strong.run("cancel", HERE), 0, "its own key does")
    host.set_key("ops", letters="ceihrsub")

    # Named sequences; kernel.sysrq=438 forbids e and i.
    same(tool.run("probe", HERE, "reisub"), 1, "probe reisub")
    says("would be refused: kernel.sysrq=438 does not allow 'e' (terminate all processes), "
         "'i' (kill all processes)", "would be refused, by letter")
    same(tool.run("send", HERE, "reisub"), 1, "send reisub: all or nothing")
    ok(not pending(), "nothing runs")
    same(tool.run("send", "--partial", HERE, "reisub"), 1, "send --partial reisub")
    says("remount read-only, reboot accepted; restarts in 23.0 s; ", "the rest keeps its times")
    says("; left out: kernel.sysrq=438 does not allow 'e'", "what is left out is said")
    ok(pending(), "and it is pending")
    same(tool.run("cancel", HERE), 0, "cancelled in time")
    reply = tool.json("send", "--partial", HERE, "hc")
    ok(reply["outcome"] == "partial" and reply["left_out"] and
       [s["reason"] for s in reply["steps"]] == ["ok", "kernel.sysrq"], "--json of it", reply)
    same(tool.run("send", "--partial", HERE, "e", "i"), 1, "nothing is left of ei")
    says(f"ops@{HERE}: refused: ", "that is a refusal")

    # The host is heard no more: by what was remembered of it. This key forbids wall clock.
    sh("nft add chain inet srqtest out '{ type filter hook output priority 0; }'")
    sh("nft add rule inet srqtest out udp sport 9 drop")
    log = Log()
    same(tool.run("send", "--timeout", "1s", HERE, "h"), 3, "a host that is not heard")
    says(": the request was also sent blind, for the boot that answered on ", "sent for its boot")
    ok(log.wait("sysrq: HELP"), "and it runs")
    time.sleep(1)
    same(log.count("sysrq: HELP"), 1, "once, though several copies came")
    log = Log()
    same(tool.run("send", "--timeout", "1s", "--strict", HERE, "h"), 3, "--strict")
    same(tool.run("send", "--timeout", "1s", "--wall-clock", "--blind", "--identity", "web1",
                  HERE, "h"), 3, "--wall-clock, which the key forbids")
    same(log.count("sysrq: HELP"), 0, "neither runs")

    # A new epoch, as after a restart: what was remembered is worth nothing.
    host.del_key("ops")
    host.new_key("ops", tool.material, wall=0)
    before = host.stats()
    same(tool.run("send", "--timeout", "1s", HERE, "h"), 3, "another epoch")
    time.sleep(0.5)
    same(log.count("sysrq: HELP"), 0, "the copy does not run")
    ok(host.stats()["stale-epoch"] > before["stale-epoch"], "it is stale")
    sh("nft flush chain inet srqtest out")
    # As long as senders may still be at what the deleted key has run.
    time.sleep(20)
    same(tool.run("send", HERE, "h"), 0, "heard again, it is asked by the new epoch")

done()
