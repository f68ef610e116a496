#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""docs/protocol.md, the headers, the vectors and srq say the same."""
import json
import os
import re
import sys

TREE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(TREE, "selftests", "lib"))

from srq import host, keys, people, wire  # noqa: E402
from tap import done, same  # noqa: E402


def read(path):
    with open(os.path.join(TREE, path), encoding="utf-8") as file:
        return file.read()


def number(text):
    text = re.sub(r"(?<=[0-9a-fA-F])[UL]+$", "", text)
    try:
        return int(text, 0)
    except ValueError:
        return None


def header_names(text):
    """Names and values of #defines and enumerators."""
    names = {}
    pattern = r"^(?:#define\s+|\s+)(NFT_SYSRQ_\w+)\s*(?:=\s*|\s)(\"[^\"]*\"|\w+)"
    for name, value in re.findall(pattern, text, re.M):
        names[name] = value[1:-1] if value[0] == '"' else number(value)
    return {name: value for name, value in names.items() if value is not None}


def tables(doc):
    """Rows of the document's tables, as lists of cells."""
    for line in doc.splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def documented(doc):
    """What the tables give for each name; labels stand in quotes."""
    names = {}
    for cells in tables(doc):
        name = re.fullmatch(r"`(NFT_SYSRQ_\w+)`", cells[0])
        if name:
            label = re.fullmatch(r"`\"(.*)\"`", cells[1])
            names[name[1]] = label[1] if label else number(cells[1])
    return names


def hexdumps(doc):
    """List and name of each vector that is shown, and its bytes."""
    pattern = r"<!-- (\w+): (.*?) -->\n```\n(.*?)```"
    for member, name, dump in re.findall(pattern, doc, re.S):
        yield member, name, "".join("".join(line.split()[1:]) for line in dump.splitlines())


def mask_table(doc):
    return {number(cells[0]): cells[1].strip("`") for cells in tables(doc)
            if re.fullmatch(r"0x[0-9a-f]{3}", cells[0])}


def check_names(doc, uapi):
    said = documented(doc)
    known = header_names(uapi + read("kernel/limit.h"))
    for name, value in said.items():
        same(value, known.get(name), f"protocol.md: {name}")
    datagram = uapi.split("---- The datagram")[1].split("---- The nftables expression")[0]
    for name in header_names(datagram):
        same(name in said, True, f"protocol.md knows {name}")


def check_vectors(doc):
    vectors = json.loads(read("selftests/vectors/vectors.json"))
    shown = list(hexdumps(doc))
    same(len(shown), 2, "examples in protocol.md")
    for member, name, dump in shown:
        want = [v["datagram"] for v in vectors[member] if v["name"] == name]
        same([dump], want, f"example: {name}")
    for member in vectors:
        same(f"| `{member}` |" in doc, True, f"protocol.md describes {member} of the vectors")


def check_manual(doc, uapi):
    """sysrq-protocol(7) says of types, statuses and fields what protocol.md says."""
    page = read("docs/sysrq-protocol.7")
    known = header_names(uapi)
    want = {name: value for name, value in known.items() if name in
            ("NFT_SYSRQ_PROBE", "NFT_SYSRQ_RUN", "NFT_SYSRQ_CANCEL") or name.startswith("NFT_SYSRQ_ST_")}
    items = re.findall(r"^\.It ([A-Z]+) (\d+)$", page, re.M)
    same(sorted(items), sorted((re.sub("NFT_SYSRQ_(ST_)?", "", name), str(value))
                                for name, value in want.items()), "manual: types and statuses")
    fields = re.findall(r"^\.It (\d+) Ta (\d+) Ta (.*?) Ta", page, re.M)
    section = doc.split("## Datagram")[1].split("\n## ")[0]
    same(fields, [tuple(cells[:3]) for cells in tables(section) if len(cells) == 5 and cells[0].isdigit()],
          "manual: the fields of a datagram")


def check_masks(doc):
    table = mask_table(doc)
    same(table, host.MASKS, "kernel.sysrq: protocol.md and srq")
    pattern = r"\{ \"(\w+)\",\s*(0x[0-9a-f]+) \}"
    code = {number(mask): letters for letters, mask in
            re.findall(pattern, read("kernel/letters.c")) if number(mask)}
    same(table, code, "kernel.sysrq: protocol.md and kernel/letters.c")


def check_people(doc):
    code = dict(re.findall(r'#define DERIVE_(\w+)\s+"?([^"\n]+)"?', read("sysrqctl/key/derive.h")))
    section = doc.split("## Keys for people")[1].split("\n## ")[0]
    for name, label in (("LABEL_PASSPHRASE", people.PASSPHRASE_LABEL.decode()),
                        ("LABEL_HOST", people.HOST_LABEL.decode())):
        same(code[name], label, f"srq and derive.h: {name}")
        same(f'`"{label}"`' in section, True, f"protocol.md: {name}")
    same((int(code["PASSES"]), int(code["MEMORY_MIB"]) * 1024),
          (people.PASSES, people.MEMORY_KIB), "srq and derive.h: cost of Argon2id")
    same(f"{people.LANES} lane, {people.PASSES} passes, {people.MEMORY_KIB} KiB" in section, True,
          "protocol.md: cost of Argon2id")


def check_srq(uapi):
    known = header_names(uapi + read("kernel/limit.h"))
    for label, text in keys.LABELS.items():
        same(text.decode(), known["NFT_SYSRQ_LABEL_" + label.upper()], f"srq: label {label}")
    for name, value in (
            ("DGRAM_LEN", keys.DGRAM_LEN), ("MAC_OFFSET", keys.MAC_OFFSET),
            ("ADM_OFFSET", keys.ADM_OFFSET), ("KEY_LEN", keys.KEY_LEN),
            ("PROTO_VERSION", wire.VERSION), ("MAX_STEPS", wire.MAX_STEPS),
            ("BODY_LEN", wire.BODY_LEN), ("F_WALL", wire.F_WALL), ("REPLY", wire.REPLY),
            ("PAGE_STATUS", wire.PAGE_STATUS), ("PAGE_PENDING", wire.PAGE_PENDING),
            ("FIRES_NONE", wire.FIRES_NONE), ("FIRES_NONE_MS", wire.FIRES_NONE_MS),
            ("TRY_NS", host.TRY_NS), ("LEAD_NS", host.LEAD_NS), ("SLOTS", host.SLOTS), ("SLOT_TOLD", host.SLOT_TOLD),
            ("SLOT_MS", host.SLOT_NS // 10**6), ("SEEN_MS", host.SEEN_NS // 10**6)):
        same(value, known["NFT_SYSRQ_" + name], f"srq: {name}")
    for prefix, words in (("ST_", wire.STATUSES), ("R_", wire.REASONS)):
        want = {name.split(prefix)[1].lower(): value for name, value in known.items()
                if name.startswith("NFT_SYSRQ_" + prefix)}
        same({word: i for i, word in enumerate(words)}, want, f"srq: {prefix}*")
    want = {value: name[len("NFT_SYSRQ_B_"):].lower().replace("_", "-")
            for name, value in known.items() if name.startswith("NFT_SYSRQ_B_")}
    same(wire.BITS, want, "srq: B_*")
    for kind, word in wire.TYPES.items():
        same(kind, known["NFT_SYSRQ_" + word.upper()], f"srq: {word}")


def main():
    doc = read("docs/protocol.md")
    uapi = read("kernel/uapi/linux/nft_sysrq.h") + read("kernel/uapi/linux/nft_sysrq_netlink.h")
    check_names(doc, uapi)
    check_vectors(doc)
    check_manual(doc, uapi)
    check_masks(doc)
    check_people(doc)
    check_srq(uapi)
    done()


main()
