# SPDX-License-Identifier: GPL-2.0-only
"""differences.py ONE TWO: what two logs of replay do not have in common.

Now and then an echo in JSON comes without the handle of its rule, with nft alone as with the plugin: about one in
20,000, and at another place each time. Such pairs of lines are counted, and are no difference while they are no more
than one in 2,000 echoes.
Output: a line that says so, or the first differences. Exit status: 0 the same, 1 not.
"""
import re
import sys

HANDLE = re.compile(rb', "handle": [0-9]+')
ECHO = re.compile(rb'^\{"nftables": \[\{"(?:add|insert)"')
SHOWN, AROUND, FEW = 20, 120, 2000


def show(number, pair):
    """The part that differs, with what is around it."""
    at = next((i for i, (a, b) in enumerate(zip(*pair)) if a != b), min(map(len, pair)))
    for mark, line in zip("<>", pair):
        part = line[max(0, at - AROUND):at + AROUND].decode(errors="replace")
        print(f"{mark} line {number}, column {at}: {part}")


def main(one, two):
    echoes = lost = shown = 0
    without = [0, 0]
    with open(one, "rb") as first, open(two, "rb") as second:
        for number, pair in enumerate(zip(first, second), 1):
            echo = ECHO.match(pair[0])
            echoes += bool(echo)
            if pair[0] == pair[1]:
                continue
            bare = [HANDLE.sub(b"", line) for line in pair]
            if echo and bare[0] == bare[1] and (bare[0] == pair[0]) != (bare[1] == pair[1]):
                lost += 1
                without[bare[1] == pair[1]] += 1
                continue
            shown += 1
            if shown <= SHOWN:
                show(number, pair)
        more = first.read(1) or second.read(1)
    if more:
        print("one of them is longer")
    if lost:
        print(f"of {echoes} echoes in JSON, {without[0]} and {without[1]} came without a handle")
    return 1 if shown or more or lost * FEW > echoes else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
