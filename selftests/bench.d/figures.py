# SPDX-License-Identifier: GPL-2.0-only
"""Inside the guest: what is not told by a flood. Used by inside.py.

Compressions of a genuine request, memory of a key, many keys, the way from a packet to its step.
"""
import re
import resource
import subprocess
import time

import host
import nl

TRACING = "/sys/kernel/debug/tracing"
# As kernels call the function that compresses blocks; the first that there is.
COMPRESS = ("sha256_transform_blocks", "sha256_blocks_generic", "sha256_transform")
CROWD = 10000


def figure(name, value, unit):
    return {"figure": name, "value": round(value, 1), "unit": unit}


def trace(text, path):
    host.write(f"{TRACING}/{path}", text)


def compressions(genuine):
    """Calls of the compression by each of so many genuine requests; @genuine sends, and says how many."""
    names = {line.split()[2] for line in open("/proc/kallsyms", encoding="ascii")}
    name = next((name for name in COMPRESS if name in names), None)
    if not name:
        return
    try:
        trace(f"p:bench/compress {name}\n", "kprobe_events")
    except OSError:
        return
    trace(1, "events/bench/compress/enable")
    sent = genuine()
    trace(0, "events/bench/compress/enable")
    with open(f"{TRACING}/kprobe_profile", encoding="ascii") as file:
        hits = int(file.read().split()[1])
    trace("", "kprobe_events")
    yield figure("compressions", hits / sent, f"calls of {name} by a genuine request, silent")


def meminfo():
    with open("/proc/meminfo", encoding="ascii") as file:
        kb = {line.split(":")[0]: int(line.split()[1]) for line in file}
    return 1024 * (kb["Slab"] + kb["VmallocUsed"])


def children():
    """Processor time of all children that have ended, in ns."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round((used.ru_utime + used.ru_stime) * 1e9)


def many_keys(keys):
    """Of @keys (inside.py's) a crowd; all by netlink, as one process does it."""
    used, start = meminfo(), time.monotonic_ns()
    keys.crowd(CROWD)
    took = time.monotonic_ns() - start
    yield figure("key-memory", (meminfo() - used) / CROWD, "bytes a key, window of 64")
    yield figure("key-set", took / CROWD, f"instructions a key, {CROWD} keys, the caller's Python included")
    start = time.monotonic_ns()
    got = keys.genl.call(host.KEY_GET, dump=True)
    took = time.monotonic_ns() - start
    assert len(got) == CROWD, len(got)
    yield figure("key-dump", took / CROWD, f"instructions a key, {CROWD} keys, the caller's Python included")
    # Of that process alone: it waits for this machine's files, and its reader runs, too.
    before = children()
    out = subprocess.run(["sysrqctl", "key", "list"], check=True, stdout=subprocess.PIPE).stdout
    took = children() - before
    assert out.count(b"\n") >= CROWD, out[-200:]
    yield figure("key-list", took / CROWD, f"instructions a key, sysrqctl key list with {CROWD} keys")
    keys.drop()


def first_step():
    """From a packet's verdict to the hand-over of its letter, by the tracepoints' clock."""
    host.sh("nft delete table ip bench")
    with host.Host() as guest:
        trace("mono", "trace_clock")
        trace(1, "events/nft_sysrq/enable")
        client = guest.client()
        client.run("s")
        time.sleep(1)
        trace(0, "events/nft_sysrq/enable")
        with open(f"{TRACING}/trace", encoding="ascii") as file:
            text = file.read()
    at = {what: float(re.search(rf" ([\d.]+): nft_sysrq_{what}: {which}", text)[1])
          for what, which in (("verdict", "run"), ("step", "s"))}
    yield figure("first-step", (at["step"] - at["verdict"]) * 1e6, "µs from the verdict to the first letter")
