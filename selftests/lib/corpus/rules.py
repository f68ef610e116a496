#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""rules.py [--every N] FOLDER: nftables' tests/py as a script for replay.

Each file *.t declares tables (*), chains (:), sets (!), elements (?) and objects (%), and has rules:
RULE;ok[;as listed] or RULE;fail. A file RULES.t.json beside it has the JSON of the rules. Each rule is added in each
chain, in place of the rule before, and listed; in the first chain it is also checked before (-c), with netlink
debugging, listed with handles and as JSON, and added from its JSON, with echo. In the end all rules of a file are loaded from a file, once as they
are, once merged (-o) and only checked; saved, removed, loaded from what was saved and listed.
"""
import argparse
import json
import os
import re
import sys

# libnftables.h
STATELESS, HANDLE, JSON, ECHO = 1 << 1, 1 << 3, 1 << 4, 1 << 5
DEBUG_NETLINK = 1 << 3


class Script:
    def __init__(self, file):
        self.file = file

    def put(self, op, text=""):
        data = str(text).encode()
        self.file.write(f"{op} {len(data)}\n".encode() + data + b"\n")

    def flags(self, flags):
        self.put("out", flags)


class Table:
    def __init__(self, family, name, chains):
        self.family, self.name, self.chains = family, name, chains
        self.at = f"{family} {name}"


def spec(text):
    """A set's or object's definition: older files leave the word type out."""
    words = text.split()
    name, rest = words[0], words[1:]
    if rest[:1] not in (["type"], ["typeof"]):
        rest = ["type"] + rest
    flags = ""
    if "flags" in rest:
        at = rest.index("flags")
        flags = f"; flags {' '.join(rest[at + 1:])}"
        rest = rest[:at]
    timeout = ""
    if "timeout" in rest:
        at = rest.index("timeout")
        timeout = f"; timeout {rest[at + 1]}"
        rest = rest[:at] + rest[at + 2:]
    return name, " ".join(rest).rstrip("; ") + timeout + flags


def set_commands(tables, text):
    name, what = spec(text)
    kind = "map" if re.search(r"(?<!:):(?!:)", what) else "set"
    for t in tables:
        yield f"add {kind} {t.at} {name} {{ {what}; }}"


def element_commands(tables, text):
    name, elements = text.split(None, 1)
    for t in tables:
        yield f"add element {t.at} {name} {{ {elements.strip('{} ')} }}"


def object_commands(tables, text):
    words = text.split()
    name, rest = words[0], words[1:]
    if rest[:1] == ["type"]:
        rest = rest[1:]
    kind = rest.pop(0)
    if kind in ("ct", "tunnel", "secmark", "synproxy") and kind == "ct":
        kind += " " + rest.pop(0)
    body = " ".join(rest)
    for t in tables:
        yield f"add {kind} {t.at} {name} {body if body.startswith('{') or not body else '{ ' + body + ' ; }'}"


def json_of(path):
    """{rule: its expressions}, of a file that need not be there."""
    found, rule, lines = {}, None, []
    try:
        with open(path + ".json", encoding="utf-8") as file:
            text = file.read() + "\n# "
    except FileNotFoundError:
        return found
    for line in text.splitlines():
        if line.startswith("#"):
            if rule:
                try:
                    found[rule] = json.loads("\n".join(lines))
                except ValueError:
                    pass
            rule, lines = line[1:].strip(), []
        else:
            lines.append(line)
    return found


def try_first(out, table, chain, rule, expr):
    """All ways, in the first chain."""
    at = f"{table.at} {chain}"
    out.put("check", 1)
    out.put("debug", DEBUG_NETLINK)
    out.put("run", f"add rule {at} {rule}")
    out.put("debug", 0)
    out.put("check", 0)
    out.put("run", f"flush chain {at}\nadd rule {at} {rule}")
    out.flags(HANDLE)
    out.put("run", f"list chain {at}")
    out.flags(JSON)
    out.put("run", f"list chain {at}")
    if expr:
        out.flags(JSON | ECHO | HANDLE)
        out.put("run", json.dumps({"nftables": [{"add": {"rule": {
            "family": table.family, "table": table.name, "chain": chain, "expr": expr}}}]}))
        # libnftables (json_cmd_assoc_free() in its parser_json.c) forgets the commands of one echo only when it
        # prints it. Behind one that failed it finds those in memory that is freed, and now and then a later
        # echo comes without its handle. So one that cannot fail comes behind each.
        out.put("run", json.dumps({"nftables": []}))
        out.flags(STATELESS)
        out.put("run", f"list chain {at}")
    out.flags(0)


def try_rule(out, tables, rule, expr):
    chains = [(table, chain) for table in tables for chain in table.chains]
    try_first(out, *chains[0], rule, expr)
    for table, chain in chains[1:]:
        at = f"{table.at} {chain}"
        out.put("run", f"flush chain {at}\nadd rule {at} {rule}")
        out.put("run", f"list chain {at}")


def whole(out, tables, good, timed):
    """All good rules from files; of few rules each, as a kernel that lacks one refuses the file."""
    for t in tables:
        lines = [f"add rule {t.at} {t.chains[0]} {rule}\n" for rule in good]
        out.put("opt", 1)
        out.put("check", 1)
        out.put("file", "".join(lines))
        out.put("opt", 0)
        out.put("check", 0)
        for i in range(0, len(lines), 8):
            out.put("file", "".join(lines[i:i + 8]))
    if timed:
        # What is saved says how much time elements have left, or has passed, which is another in each run.
        return
    out.put("save", "list ruleset")
    out.put("run", "flush ruleset")
    out.put("load")
    out.put("run", "list ruleset")
    out.flags(JSON)
    out.put("save", "list ruleset")
    out.flags(0)
    out.put("run", "flush ruleset")
    out.flags(JSON)
    out.put("load")
    out.flags(0)
    out.put("run", "list ruleset")


def begin(out, chains, line):
    family, name, names = line.split(";")
    table = Table(family, name, names.split(","))
    out.put("run", f"add table {table.at}")
    for chain in table.chains:
        out.put("run", f"add chain {table.at} {chain} {{ {chains.get(chain, '').rstrip('; ')}; }}"
                if chains.get(chain) else f"add chain {table.at} {chain}")
    return table


def is_rule(line):
    return line != "" and line[0] not in "#-:*!?%@"


def convert(out, path, label, choose):
    """How many rules of the file were chosen; without any, nothing of it is done."""
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    chosen = [is_rule(line) and choose() for line in lines]
    if not any(chosen):
        return 0
    chains, tables, good, as_json = {}, [], [], json_of(path)
    declare = {"!": set_commands, "?": element_commands, "%": object_commands}
    out.put("label", label)
    out.put("ctx")
    out.put("run", "flush ruleset")
    for line, wanted in zip(lines, chosen):
        if line[:1] == ":":
            name, _, what = line[1:].partition(";")
            chains[name] = what
        elif line[:1] == "*":
            tables.append(begin(out, chains, line[1:]))
        elif line[:1] in declare:
            for command in declare[line[0]](tables, line[1:].rpartition(";")[0]):
                out.put("run", command)
        elif is_rule(line):
            rule, _, rest = line.partition(";")
            if rest.startswith("ok") and len(good) < 60:
                good.append(rule)
            if wanted:
                try_rule(out, tables, rule, as_json.get(rule))
    whole(out, tables, good, any("timeout" in line or "last used" in line for line in lines))
    return sum(chosen)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="only every Nth rule")
    parser.add_argument("folder")
    args = parser.parse_args()
    out, seen, count, files = Script(sys.stdout.buffer), 0, 0, 0

    def choose():
        nonlocal seen
        seen += 1
        return seen % args.every == 0

    for where, folders, names in os.walk(args.folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".t"):
                path = os.path.join(where, name)
                done = convert(out, path, os.path.relpath(path, args.folder), choose)
                count += done
                files += done != 0
    print(f"{files} files, {count} rules", file=sys.stderr)


if __name__ == "__main__":
    main()
