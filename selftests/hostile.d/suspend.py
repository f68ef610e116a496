#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Inside a guest of its own: the machine sleeps, and what was recorded before is sent to it afterwards.

The guest's root does not survive that, as the device that it comes by does not: from the first sleep on
nothing is read from it, so all that is needed is in memory before.
"""
import ctypes
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import srq  # noqa: E402
from host import Host, done, ok, same, sysrq_for_all, write  # noqa: E402

MCL_CURRENT, MCL_FUTURE = 1, 2
ROUNDS = 3
TOLERANCE = 3  # s
FORGOTTEN = 20 + 5 + 2 * TOLERANCE  # s: no encoding of a request can be fresh any more (docs/protocol.md)


def slept():
    """How long this machine has slept in all, s."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()


def sleep(seconds):
    """
    So long; how long it was by what the clocks say afterwards. All of a sleep but its last step, which the
    kernel's own test leaves out: with devices, other processors, interrupts and clocks stopped it waits.
    """
    before = slept()
    write("/sys/module/suspend/parameters/pm_test_delay", seconds)
    write("/sys/power/pm_test", "core")
    write("/sys/power/mem_sleep", "deep")
    write("/sys/power/state", "mem")
    return slept() - before


def accept(client, wall):
    """Requests that are accepted and run, as bytes."""
    sent = []
    for _ in range(5):
        client.run("h", wall=wall)
        sent.append((client.request, client.sent))
    return sent


def replay(client, sent):
    """All of them, some times over: the answers that there are."""
    told = []
    for _ in range(ROUNDS):
        for request, data in sent:
            reply = client.exchange(request, data=data, timeout=0.2)
            told.append(reply and ("seen" if reply.seen else reply.status_name))
    return told


def main():
    host = Host(tolerance=TOLERANCE * 1000, wall=1, identity="web1")
    client = host.client(identity="web1")
    time.sleep(TOLERANCE + 0.5)  # from then on it takes the wall clock
    client.probe()
    sent = accept(client, False) + accept(client, True)
    same(host.stats()["run"], len(sent), f"{len(sent)} requests have run, in both modes")
    # Never delivered before it sleeps.
    late = [client.make(srq.RUN, "h", wall=wall) for wall in (False, True)]
    replay(client, sent[:1])
    ctypes.CDLL(None, use_errno=True).mlockall(MCL_CURRENT | MCL_FUTURE)

    for seconds in (5, FORGOTTEN + 2):
        epoch, before = client.epoch, host.stats()
        asleep = sleep(seconds)
        ok(asleep > seconds - 3, f"it slept for {asleep:.1f} s")
        told = replay(client, sent)
        same(host.stats()["run"], before["run"], f"of {len(told)} recordings none runs")
        ok(set(told) <= {"seen", "stale", None}, "and none is answered as if it were new", set(told))
        for request in late:
            client.exchange(request, timeout=0.5)
        same(host.stats()["run"], before["run"], "nor what was held back until its time was over")
        client.probe()
        same(client.epoch, epoch, "the epoch is the same")
        reply = client.run("h")
        ok(reply and reply.ok and not reply.seen, "a new request is accepted")
        time.sleep(0.5)
        same(host.stats()["run"], before["run"] + 1, "and runs")
        # What it has forgotten now that there was something to enter stays stale.
        replay(client, sent)
        same(host.stats()["run"], before["run"] + 1, "once more: no recording runs")


with sysrq_for_all():
    main()
    # To end, it would have to let go of files, and wait for a device that does not answer: the machine ends.
    try:
        done()
    except SystemExit:
        sys.stdout.flush()
        time.sleep(0.5)
        write("/proc/sysrq-trigger", "o")
        time.sleep(60)
