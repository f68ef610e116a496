# SPDX-License-Identifier: GPL-2.0-only
"""What gcovr counted, by part: shares of lines and branches, beside what is aimed at. usage: coverage.py [-u] JSON"""
import json
import re
import sys

# Name, files, aim in percent of lines; None: nothing is aimed at.
PARTS = [
    ("core", r"kernel/(wire|mac|window|limit)\.[ch]|kernel/compat/", 95),
    ("module's packet path", r"kernel/(verify|answer|key|key_change|letters)\.c", None),
    ("sysrqctl", r"sysrqctl/", 90),
    ("plugin", r"nft-plugin/src/", 90),
    ("library", r"libnftnl-ext/src/", 90),
]


def counts(lines):
    """Lines, those reached, branches, those taken."""
    branches = [b for line in lines for b in line["branches"]]
    return (len(lines), sum(line["count"] > 0 for line in lines),
            len(branches), sum(b["count"] > 0 for b in branches))


def share(part, whole):
    return 100 * part / whole if whole else 100.0


def row(name, numbers, aim=None):
    lines, reached, branches, taken = numbers
    print(f"{name:36} {share(reached, lines):5.1f} % of {lines:5} lines  "
          f"{share(taken, branches):5.1f} % of {branches:5} branches"
          + (f"  (aim: {aim} % of lines)" if aim else ""))


def ranges(numbers):
    """[1, 2, 3, 7] as 1-3 7."""
    out = []
    for n in numbers:
        if out and n == out[-1][1] + 1:
            out[-1][1] = n
        else:
            out.append([n, n])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in out)


def main():
    uncovered = sys.argv[1] == "-u"
    with open(sys.argv[-1], encoding="utf-8") as f:
        files = {f["file"]: [line for line in f["lines"] if not line.get("gcovr/noncode")]
                 for f in json.load(f)["files"]}
    status = 0
    for name, pattern, aim in PARTS:
        of_part = {path: lines for path, lines in sorted(files.items()) if re.match(pattern, path)}
        if not of_part:
            print(f"{name}: no file was counted")
            status = 1
            continue
        total = counts([line for lines in of_part.values() for line in lines])
        row(name, total, aim)
        if aim and share(total[1], total[0]) < aim:
            status = 1
        for path, lines in of_part.items():
            missing = sorted({line["line_number"] for line in lines if not line["count"]})
            if uncovered and missing:
                row("  " + path, counts(lines))
                print("      not reached: " + ranges(missing))
    sys.exit(status)


main()
