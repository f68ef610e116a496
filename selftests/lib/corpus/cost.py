#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""cost.py [--rules N] [--only REGEX]: what the plugin costs nft.

The guest counts instructions as nanoseconds (vm --icount).

Rulesets of N rules: without the word sysrq, with it once, and in every rule. Each is loaded (nft -f), listed, and
listed as JSON, with and without the plugin; of each the processor's time, which is executed instructions of nft and
of the kernel on its behalf, and the peak memory. Where plain nft cannot read the word, it gets a statement of its own
in its place (a log with a prefix as long). Exit status: 1 if anything takes over 10 % more instructions, or more memory
than a bound that is the same however many rules there are.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

REAL = "/usr/sbin/nft"
LIMIT = 1.10
# KiB more at the peak: the plugin and its library, a line, a part of the ruleset's text; nothing for each rule.
MEMORY_LIMIT = 4096
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
    parser.add_argument("--only", default="", help="only rulesets whose name matches")
    args = parser.parse_args()
    count = args.rules
    with open(shutil.which("nft"), encoding="utf-8") as file:
        plugin = next(line[7:].strip() for line in file if line.startswith("plugin="))
    folder, bad, compared = tempfile.mkdtemp(), 0, 0
    path = os.path.join(folder, "cost.nft")
    # The first to use a statement would pay for the kernel's loading of its module.
    for use, statement in ((None, THEIRS), (plugin, OURS)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(ruleset(10, statement, True))
        measure(path, use)
    print(f"{count} rules          million instructions     KiB at the peak\n"
          f"                      alone   plugin              alone   plugin     more")
    for name, every, ours, theirs in (("no sysrq", False, "", ""), ("one sysrq", False, OURS, THEIRS),
                                      ("all sysrq", True, OURS, THEIRS)):
        if not re.search(args.only, name):
            continue
        got = []
        for use, statement in ((None, theirs), (plugin, ours)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(ruleset(count, statement, every))
            got.append(measure(path, use))
        for what, (alone, alone_kib) in got[0].items():
            with_us, kib = got[1][what]
            over = [word for word, is_over in (("instructions", with_us > alone * LIMIT),
                                               ("memory", kib > alone_kib + MEMORY_LIMIT)) if is_over]
            compared, bad = compared + 1, bad + len(over)
            print(f"{name:10} {what:8} {alone / 1e6:8.0f} {with_us / 1e6:8.0f} {100 * (with_us / alone - 1):+6.1f} % "
                  f"{alone_kib:8} {kib:8} {kib - alone_kib:+8}", *(f" OVER: {word}" for word in over), flush=True)
    shutil.rmtree(folder)
    if not compared:
        sys.exit(f"cost.py: no ruleset is called '{args.only}'")
    sys.exit(bad != 0)


if __name__ == "__main__":
    main()
