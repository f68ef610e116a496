# SPDX-License-Identifier: GPL-2.0-only
"""differences.py ONE TWO: the first lines of two logs that differ; of each the part that does."""
import itertools
import sys

SHOWN, AROUND = 20, 120


def main(one, two):
    shown = 0
    with open(one, "rb") as first, open(two, "rb") as second:
        for number, pair in enumerate(itertools.zip_longest(first, second, fillvalue=b""), 1):
            if pair[0] == pair[1]:
                continue
            at = next((i for i, (a, b) in enumerate(zip(*pair)) if a != b), min(map(len, pair)))
            for mark, line in zip("<>", pair):
                part = line[max(0, at - AROUND):at + AROUND].decode(errors="replace").rstrip("\n")
                print(f"{mark} line {number}, column {at + 1}: {part}")
            shown += 1
            if shown == SHOWN:
                break


if __name__ == "__main__":
    main(*sys.argv[1:])
