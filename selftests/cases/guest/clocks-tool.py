#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The tool's own clock is ten years off, or the host is in 1970. What it asks for runs once, or, where
it was sent blind by a clock that leads, not at all, and it is told so. (clocks.py: other senders.)"""
import re
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
from host import Host, done, ok, same, sh, sysrq_for_all  # noqa: E402
from tool import Tool  # noqa: E402

YEARS = 315360000  # ten
BLIND = ("--blind", "--identity", "web1")
tool = Tool()
SHIM = f"{tool.dir}/clock-off.so"


def set_clock(seconds):
    sh(f"date -s @{seconds:.3f}")


def send(sender_off, options):
    """The tool, by a clock that is off by so many seconds, remembering nothing: what it says."""
    tool.env.update(XDG_STATE_HOME=sh("mktemp -d").strip(), LD_PRELOAD=SHIM,
                    CLOCK_OFF=str(int(sender_off)))
    said = tool.json("send", *options, "127.0.0.1", "5")
    return tool.status, said


def scenario(host, what, sender, server):
    """sender, server: what their clocks show, s since 1970."""
    for options in (["--strict"], [], BLIND):
        before = host.stats()
        status, said = send(sender - server, options)
        for _ in range(30):
            time.sleep(0.1)
            after = host.stats()
            ran = tuple(after[name] - before[name] for name in ("run", "steps"))
            if ran[0] == ran[1]:
                break
        leads = options is BLIND and sender - server > 3
        how = f"{what}, {' '.join(options[:1]) or 'as usual'}"
        if leads:
            same((status, said["outcome"], ran), (3, "clocks", (0, 0)), f"{how}: not run, and said so")
            by = re.search(r"leads the host's by (\d+) s", said["message"])
            ok(by and abs(int(by[1]) - (sender - server)) <= 60, f"{how}: and by how much", said)
        else:
            same((status, said["outcome"], ran), (0, "ok", (1, 1)), f"{how}: runs once")


def main():
    real, mono = time.time(), time.monotonic()
    with Host(material=tool.material, identity="web1", tolerance=3000) as host:
        time.sleep(3.2)  # blind ones are taken from a tolerance after the key was set
        try:
            for where, server_off in (("now", 0), ("in 1970", 86400 - real), ("ten years on", YEARS)):
                for who, sender_off in (("right", 0), ("ten years ahead", YEARS),
                                        ("ten years behind", -YEARS)):
                    now = real + time.monotonic() - mono
                    set_clock(now + server_off)
                    scenario(host, f"host {where}, sender {who}", now + sender_off, now + server_off)
        finally:
            set_clock(real + time.monotonic() - mono)


sh(f"gcc -shared -fPIC -Wall -Wextra -Werror -o {SHIM} /src/selftests/lib/clock-off.c")
off = int(sh(f"LD_PRELOAD={SHIM} CLOCK_OFF={YEARS} date +%s")) - time.time()
ok(abs(off - YEARS) < 60, "a program's clock can be made wrong", off)
with sysrq_for_all():
    main()
done()
