#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""docs/guide.md: its commands, run in their order, on a host and from a second machine. They succeed, and say
what stands there, but for numbers; a line of another machine's view, one after another."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../lib"))
from host import done, ok, sh  # noqa: E402
from netns import Peer  # noqa: E402

GUIDE = "/src/docs/guide.md"
# Commands that end the machine: selftests/cases/outside/reboot runs such ones.
ENDS = {"sysrqctl send --key ~/ops.key web1 sub"}


def commands(text):
    """(prompt, command, lines that it says)."""
    found = []
    for block in re.findall(r"^```\n(.*?)^```$", text, re.M | re.S):
        for line in block.splitlines():
            prompt = re.match(r"(web1#|\$) (.*)", line)
            if prompt:
                found.append((prompt[1], prompt[2], []))
            else:
                found[-1][2].append(line)
    return found


def shape(line):
    """What may differ is left out: numbers, and how long they are."""
    return re.sub(r"\s+", " ", re.sub(r"\d+(\.\d+)?( ms| s)?", "N", line)).strip()


def run(prompt, command):
    where = ["ip", "netns", "exec", "peer"] if prompt == "$" else []
    return subprocess.run([*where, "sh", "-c", command], text=True, stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "HOME": "/root"})


sh("mkdir -p /etc/netns/peer && echo '10.9.0.1 web1' >/etc/netns/peer/hosts && hostname web1; nft flush ruleset")
with open(GUIDE, encoding="utf-8") as file:
    steps = commands(file.read())
with Peer():
    ok(len(steps) > 25, "there are commands", len(steps))
    ok(ENDS <= {command for _, command, _ in steps}, "those that end the machine are among them")
    for prompt, command, want in steps:
        if command in ENDS:
            continue
        got = run(prompt, command)
        ok(got.returncode == 0, f"{prompt} {command}", f"{got.returncode}: {got.stdout}")
        if want:
            ok([shape(line) for line in got.stdout.splitlines()] == [shape(line) for line in want],
               f"it says what stands there: {want[0]}", got.stdout)
done()
