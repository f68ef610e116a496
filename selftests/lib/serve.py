#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""serve.py KEYFILE: inside a guest: set the key, add the rule, say "ready BOOT_ID", wait.

For cases that talk to a guest from outside and want nothing of our tools in between.
"""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import srq  # noqa: E402
from host import Host, write  # noqa: E402

write("/proc/sys/kernel/sysrq", 1)
# A boot whose answers are lost: the rule is silent.
silent = os.environ.get("SERVE_SILENT_BOOT") == os.environ.get("VM_BOOT", "1")
host = Host(material=srq.Key.load(sys.argv[1]).material, identity="web1", tolerance=12000,
            flags=int(silent))
with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
    print("ready", file.read().strip(), flush=True)
start = time.monotonic()
while time.monotonic() < start + float(os.environ.get("SERVE_SECONDS", "600")):
    time.sleep(0.5)
    stats = host.stats()
    seen = {name: n for name, n in stats.items() if n and name != "transport"}
    print("stats", seen, flush=True)
