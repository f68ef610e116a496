#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Wrong wall clocks, of sender and host, in either direction: healed by what the reply tells."""
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
from host import Host, Log, done, ok, same, write  # noqa: E402
from tool import Tool  # noqa: E402

YEARS = 10 * 365 * 86400
HERE = "127.0.0.1"

write("/proc/sys/kernel/sysrq", 1)
tool = Tool()
true = time.time() - time.monotonic()


def set_clock(seconds):
    """The host's wall clock; the sender's is told by its stamps."""
    time.clock_settime(time.CLOCK_REALTIME, seconds)


def by_wall(client, stamp):
    """What is said to a run in wall-clock mode; where its slot is just used, nothing is."""
    for _ in range(4):
        if client.run("h", wall=True, stamp=stamp):
            return client.reply.status_name
    return None


def now():
    return true + time.monotonic()


with Host(material=tool.material, tolerance=60000, wall=1, identity="web1") as host:
    # The host's clock, and what the sender's is off.
    for name, at, off in (("the sender is 10 years ahead", now(), YEARS),
                          ("the sender is 10 years behind", now(), -YEARS),
                          ("the host is in 1970", 86400, now()),
                          ("the host is 10 years ahead", now() + YEARS, -YEARS)):
        set_clock(at)
        client = host.client(identity="web1")
        stamp = int((at + off) * 1e9)
        reply = client.probe(stamp=stamp)
        ok(reply and reply.status_name == "stale", f"{name}: a probe is stale", reply)
        ok(reply and reply.epoch != bytes(8) and abs(reply.wall_ms / 1000 - at) < 10,
           f"{name}: and tells epoch and clocks", reply)
        log = Log()
        before = host.stats()["run"]
        same(by_wall(client, stamp), "stale", f"{name}: a run by that clock is stale")
        same(host.stats()["run"], before, f"{name}: and does not run")
        same(client.run("h").status_name, "ok", f"{name}: by epoch it is accepted")
        ok(log.wait("sysrq: HELP"), f"{name}: and runs")

        # The tool, with the same clock as the host and then with another one.
        same(tool.run("send", HERE, "h"), 0, f"{name}: so it is for the tool")

    # The clock is set between the probe and the run, back and ahead.
    client = host.client()
    for seconds in (86400, now() + YEARS, now()):
        client.probe()
        set_clock(seconds)
        same(client.run("h").status_name, "ok", f"the clock is set to {int(seconds)} between")

    # What is remembered is good whatever the wall clock says: this machine's uptime counts.
    for seconds in (86400, now() + YEARS, now()):
        set_clock(seconds)
        reply = tool.json("send", "--blind", HERE, "h")
        same((tool.status, reply["status"]), (0, "ok"),
             f"the clock is set to {int(seconds)} since the host was heard")

done()
