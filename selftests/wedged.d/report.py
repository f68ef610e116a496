# SPDX-License-Identifier: GPL-2.0-only
"""What was measured: kept in docs/, and made into a table there."""
import json
import os
import re

import scenarios

DOCS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__)))), "docs")
KEPT = os.path.join(DOCS, "machines-in-trouble.json")
PAGE = os.path.join(DOCS, "machines-in-trouble.md")
BEGIN, END = "<!-- table: selftests/wedged --record -->\n", "<!-- end of the table -->\n"
GUESTS = ("bookworm", "trixie", "trixie-backports", "forky")


def in_words(result):
    answered = [s for s, seconds in result["answers"].items() if seconds is not None]
    return ", ".join([f"answered {len(answered)} of {len(result['answers'])}",
                      f"done {' '.join(result['done']) or 'nothing'}"] +
                     [f"{name} {'yes' if result[name] else 'no'}"
                      for name in ("ssh", "sysrqd") if name in result])


def load():
    try:
        with open(KEPT, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return []


def keep(result):
    """In the place of what was measured before of the same guest and scenario."""
    def place(r):
        return (GUESTS.index(r["guest"]), list(scenarios.BY_NAME).index(r["scenario"]))
    if not result["evidence"]:
        return
    results = [r for r in load() if r["scenario"] in scenarios.BY_NAME and
               (r["guest"], r["scenario"]) != (result["guest"], result["scenario"])]
    results = sorted(results + [result], key=place)
    with open(KEPT, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(r) for r in results) + "\n]\n")


def cell(result):
    """
    The letters that were done, with a star if the log told of it only as the guest ended; those that were not as a dot;
    in brackets what was not answered.
    """
    if result is None:
        return "not measured"
    cells = []
    for steps, seconds in result["answers"].items():
        text = " ".join("·" if c not in result["done"] else c + "\\*" if c in result.get("late", "") else c
                        for c in scenarios.letters(steps))
        cells.append(text if seconds is not None else f"({text})")
    return " ".join(cells)


def slowest(results):
    seconds = [s for r in results for s in r["answers"].values() if s is not None]
    return f"{max(seconds):.1f} s" if seconds else "none" if results else ""


def peer_cell(mine, peer, guests, kernels):
    """Where all kernels agree, once is enough."""
    said = {kernels[g]: "yes" if mine[g][peer] else "no" for g in guests if g in mine}
    if len(set(said.values())) <= 1:
        return "".join(set(said.values()))
    return ", ".join(f"{kernel}: {word}" for kernel, word in said.items())


def table(results):
    guests = [g for g in GUESTS if any(r["guest"] == g for r in results)]
    kernels = {r["guest"]: re.match(r"\d+\.\d+", r["kernel"])[0] for r in results}
    yield "| trouble | " + " | ".join(f"ours, {kernels[g]}" for g in guests) + \
        " | slowest answer | sysrqd | ssh |"
    yield "| --- |" + " --- |" * (len(guests) + 3)
    for s in scenarios.ALL:
        mine = {r["guest"]: r for r in results if r["scenario"] == s.name}
        peers = [peer_cell(mine, peer, guests, kernels) for peer in ("sysrqd", "ssh")]
        yield f"| {s.name}: {s.about} | " + " | ".join(cell(mine.get(g)) for g in guests) + \
            f" | {slowest(list(mine.values()))} | {peers[0]} | {peers[1]} |"


def write():
    with open(PAGE, encoding="utf-8") as file:
        before, _, rest = file.read().partition(BEGIN)
    after = rest.partition(END)[2]
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + "\n".join(table(load())) + "\n" + END + after)
