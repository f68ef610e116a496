#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""docs/guide.md: its commands, run in their order, on a host and from a second machine. They succeed, and say
what stands there, but for numbers."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../lib"))
import document  # noqa: E402
from host import done, ok  # noqa: E402

# Commands that end the machine: selftests/cases/outside/reboot runs such ones.
ENDS = {"sysrqctl send --key ~/ops.key web1 sub"}

with open("/src/docs/guide.md", encoding="utf-8") as file:
    steps = document.sessions(file.read())
with document.setting():
    ok(len(steps) > 25, "there are commands", len(steps))
    ok(ENDS <= {command for _, command, _ in steps}, "those that end the machine are among them")
    for prompt, command, want in steps:
        if command in ENDS:
            continue
        got = document.run(prompt, command)
        ok(got.returncode == 0, f"{prompt} {command}", f"{got.returncode}: {got.stdout}")
        if want:
            ok(document.shape(got.stdout.splitlines()) == document.shape(want),
               f"it says what stands there: {want[0]}", got.stdout)
done()
