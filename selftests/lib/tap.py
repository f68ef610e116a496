# SPDX-License-Identifier: GPL-2.0-only
"""TAP: a line for each point of a test, the plan at the end."""
import sys

_count = _bad = 0


def ok(good, what, why=""):
    """A TAP line; @why is shown if it is not good."""
    global _count, _bad
    _count += 1
    _bad += not good
    print(f"{'ok' if good else 'not ok'} {_count} - {what}")
    if not good and why != "":
        print("# " + str(why).replace("\n", "\n# "))
    sys.stdout.flush()
    return good


def same(got, want, what):
    """Of dictionaries, what is not the same is shown."""
    why = f"got {got!r}, want {want!r}"
    if isinstance(got, dict) and isinstance(want, dict):
        why = "\n".join(f"{key}: got {got.get(key)!r}, want {want.get(key)!r}"
                        for key in sorted(set(got) | set(want), key=str) if got.get(key) != want.get(key))
    return ok(got == want, what, why)


def done():
    """The plan; ends the test."""
    print(f"1..{_count}")
    sys.exit(_bad != 0)
