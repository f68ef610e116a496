#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""cost.py [--rules N]: what the plugin costs nft, in a guest that counts instructions as nanoseconds (vm --icount).

Rulesets of N rules: without the word sysrq, with it once, and in every rule. Each is loaded (nft -f), listed, and
listed as JSON, with and without the plugin; of each the processor's time, which is executed instructions of nft and
of the kernel on its behalf, and the peak memory. Where plain nft cannot read the word, it gets a statement of its own
in its place (a log with a prefix as long). Exit status: 1 if anything takes over 10 % more.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

REAL = "/usr/sbin/nft"
LIMIT = 1.10
# With the plugin, and what a plain nft gets in its place.
OURS, THEIRS = 'sysrq key "ops"', 'log prefix "ops-ops"'


def ruleset(count, statement, every):
    """As people write it; the statement is in every rule, or in the one in the middle, or nowhere."""
    lines = ["table inet cost {", "\tchain input {", "\t\ttype filter hook input priority 0; policy accept;"]
    for i in range(count):
        have = statement + " " if statement and (every or i == count // 2) else ""
        lines.append(f"\t\tip saddr 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255} udp dport {i % 65000 + 1} "
                     f"counter packets 0 bytes 0 {have}drop")
    return "\n".join(lines) + "\n\t}\n}\n"


def run(args, plugin):
    """(instructions, KiB at the peak) of a command that must succeed."""
    env = {**os.environ, **({"LD_PRELOAD": plugin} if plugin else {})}
    with subprocess.Popen([REAL, *args], env=env, stdout=subprocess.DEVNULL) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"cost.py: nft {' '.join(args)}: status {child.returncode}")
    return round((usage.ru_utime + usage.ru_stime) * 1e9), usage.ru_maxrss


def measure(path, plugin):
    """{what: (instructions, KiB)} with what is at @path."""
    subprocess.run([REAL, "flush", "ruleset"], check=True)
    return {"load": run(["-f", path], plugin), "list": run(["list", "ruleset"], plugin),
            "list -j": run(["-j", "list", "ruleset"], plugin)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rules", type=int, default=100000)
    count = parser.parse_args().rules
    with open(shutil.which("nft"), encoding="utf-8") as file:
        plugin = next(line[7:].strip() for line in file if line.startswith("plugin="))
    folder, bad = tempfile.mkdtemp(), 0
    path = os.path.join(folder, "cost.nft")
    # The first to use a statement would pay for the kernel's loading of its module.
    for use, statement in ((None, THEIRS), (plugin, OURS)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(ruleset(10, statement, True))
        measure(path, use)
    print(f"{count} rules          million instructions     MiB at the peak\n"
          f"                      alone   plugin            alone plugin")
    for name, every, ours, theirs in (("no sysrq", False, "", ""), ("one sysrq", False, OURS, THEIRS),
                                      ("all sysrq", True, OURS, THEIRS)):
        got = []
        for use, statement in ((None, theirs), (plugin, ours)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(ruleset(count, statement, every))
            got.append(measure(path, use))
        for what, (alone, alone_kib) in got[0].items():
            with_us, kib = got[1][what]
            over = with_us > alone * LIMIT
            bad += over
            print(f"{name:10} {what:8} {alone / 1e6:8.0f} {with_us / 1e6:8.0f} {100 * (with_us / alone - 1):+6.1f} % "
                  f"{alone_kib / 1024:8.0f} {kib / 1024:6.0f}{'  OVER' if over else ''}", flush=True)
    shutil.rmtree(folder)
    sys.exit(bad != 0)


if __name__ == "__main__":
    main()
