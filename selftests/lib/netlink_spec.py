#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: netlink_spec.py YNL: docs/netlink/nft_sysrq.yaml against schema, headers and code; TAP.

YNL has the kernel's tools/net/ynl. Its own generator makes of the specification the uapi header and
the tables that a kernel would have; they must say what ours say.
"""
import os
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

import c_tables
from c_tables import TREE
from tap import done, same

SPEC = "docs/netlink/nft_sysrq.yaml"
# Our policies are shared by operations; what else an operation does not take, it refuses itself.
SHARED = {"NFT_SYSRQ_CMD_KEY_NEW": {"NFT_SYSRQ_A_KEY_OVERLAP"}}


def read(path):
    with open(os.path.join(TREE, path), encoding="utf-8") as file:
        return file.read()


def generate(ynl, spec):
    """The kernel's generator: uapi header, and source with its tables."""
    with tempfile.TemporaryDirectory() as tmp:
        folder = os.path.join(tmp, "Documentation", "netlink")
        os.makedirs(os.path.join(folder, "specs"))
        # The top of a kernel's tree, to the generator.
        open(os.path.join(tmp, "MAINTAINERS"), "w", encoding="ascii").close()
        os.symlink(os.path.join(ynl, "Documentation/netlink/genetlink-c.yaml"),
                   os.path.join(folder, "genetlink-c.yaml"))
        path, out = os.path.join(folder, "specs", "nft_sysrq.yaml"), os.path.join(tmp, "gen.c")
        with open(path, "w", encoding="ascii") as file:
            # It insists on the licence of its own specifications.
            file.write("# SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR "
                       "BSD-3-Clause)\n" + yaml.safe_dump(spec, sort_keys=False))
        for args in (("uapi", "--header", "-o", out + ".h"), ("kernel", "--source", "-o", out)):
            subprocess.run([sys.executable, "-B", os.path.join(ynl, "tools/net/ynl/ynl-gen-c.py"),
                            "--spec", path, "--mode", *args], check=True, timeout=60)
        with open(out + ".h", encoding="utf-8") as header, open(out, encoding="utf-8") as source:
            return header.read(), source.read()


def all_defined_here(spec):
    """As if no definition were another header's: so the generator writes them all out. But for
    stat, whose names are those of the attributes."""
    spec = dict(spec)
    spec["definitions"] = [{key: value for key, value in d.items()
                            if key != "header" or d["name"] == "stat"} for d in spec["definitions"]]
    return spec


def belongs(name):
    """Of linux/nft_sysrq.h, what the family speaks of, too."""
    return (re.match(r"NFT_SYSRQ_(ST|R|B)_|NFT_SYSRQ_(PROBE|RUN|CANCEL)$", name) is not None or
            name in ("NFT_SYSRQ_NAME_LEN", "NFT_SYSRQ_KEY_LEN", "NFT_SYSRQ_MAX_STEPS",
                     "NFT_SYSRQ_PROTO_VERSION"))


def check_numbers(generated):
    ours = c_tables.names_of(read("kernel/uapi/linux/nft_sysrq_netlink.h"))
    ours += filter(belongs, c_tables.names_of(read("kernel/uapi/linux/nft_sysrq.h")))
    # 0 is nothing in all of these; the generator does not name it.
    ours = [name for name in ours if not name.endswith(("_UNSPEC", "_NETLINK_H"))]
    theirs = [name for name in c_tables.names_of(generated) if not name.endswith("_NETLINK_H")]
    same(len(ours) > 100, True, f"the headers define {len(ours)} names")
    same(sorted(set(ours) - set(theirs)), [], "each name of the headers is in the specification")
    same(sorted(set(theirs) - set(ours)), [], "and each name of the specification in the headers")
    header = c_tables.values("#include <linux/nft_sysrq.h>", ours)
    want = c_tables.values(generated, theirs)
    same(header, {name: want.get(name) for name in header}, "with the same value")


def by_command(tables, names):
    """{command: its operation}, do and dump in one; of its attributes only what they allow."""
    found = {}
    for table in tables["genl_ops"].values():
        for op in table:
            merged = found.setdefault(names["cmd"][op["cmd"]], {"flags": op["flags"], "policy": {}})
            merged["flags"] &= op["flags"]
            merged["do"] = merged.get("do", 0) | op["do"]
            merged["dump"] = merged.get("dump", 0) | op["dump"]
            if op["do"]:
                merged["policy"] = {names["key"][i]: policy for i, policy in enumerate(op["policy"])
                                    if policy["type"] != "unspec"}
    return found


def check_tables(generated, groups):
    """Operations, their privilege, and the bounds of their attributes."""
    uapi = read("kernel/uapi/linux/nft_sysrq_netlink.h")
    numbers = c_tables.values("#include <linux/nft_sysrq.h>",
                              [n for n in c_tables.names_of(uapi) if not n.endswith("_H")])
    names = {kind: {value: name for name, value in numbers.items() if name.startswith(prefix) and
                    not name.endswith("_MAX")} for kind, prefix in
             (("cmd", "NFT_SYSRQ_CMD_"), ("key", "NFT_SYSRQ_A_KEY_"))}
    sources = [read(f"kernel/{name}") for name in sorted(os.listdir(os.path.join(TREE, "kernel")))
               if name.startswith("netlink") and name.endswith(".c")]
    code = c_tables.tables(read("kernel/letters.h"), *sources)
    spec = c_tables.tables(generated.replace("NFT_SYSRQ_NLGRP_EVENTS", "0"))
    got, want = by_command(code, names), by_command(spec, names)
    same(len(got) > 6, True, f"the code has {len(got)} operations")
    same(sorted(got), sorted(want), "the same operations in the code and in the specification")
    for name in sorted(set(got) & set(want)):
        for key in SHARED.get(name, ()):
            got[name]["policy"].pop(key, None)
        for what in ("do", "dump"):
            same(got[name][what], want[name][what], f"{name}: {what}")
        same((got[name]["flags"], want[name]["flags"]), (1, 1), f"{name}: needs CAP_NET_ADMIN")
        same(got[name]["policy"], want[name]["policy"], f"{name}: bounds of its attributes")
    # The generator does not write these out.
    same([g for t in code.get("genl_multicast_group", {}).values() for g in t],
          [{"name": g["name"], "admin": int("admin-perm" in g.get("flags", ()))} for g in groups],
          "multicast groups, and their privilege")


def check_replies(spec):
    """What the code puts into messages has the type that the specification says, and is listed."""
    kinds = {"u64_64bit": "u64", "": "binary", "nest": "nest"}
    sets = {a["name"]: a for a in spec["attribute-sets"]}
    put = {}
    for name in sorted(os.listdir(os.path.join(TREE, "kernel"))):
        if name.endswith(".c"):
            text = read(f"kernel/{name}")
            for how, attr in re.findall(r"nla_put(?:_(\w+))?\(\s*\w+,\s*(NFT_SYSRQ_A_\w+)", text):
                put.setdefault(attr, set()).add(kinds.get(how, how))
            for attr in re.findall(r"nla_nest_start\(\s*\w+,\s*(NFT_SYSRQ_A_\w+)", text):
                put.setdefault(attr, set()).add("nest")
    listed = {}
    for op in spec["operations"]["list"]:
        for where in (op.get("do", {}).get("reply"), op.get("dump", {}).get("reply"), op.get("event")):
            for attr in (where or {}).get("attributes", ()):
                listed.setdefault(op["attribute-set"], set()).add(attr)
    listed["pending"] = {"key", "nonce", "fires", "steps"}
    for name in ("key", "status", "pending", "event"):
        prefix = sets[name]["name-prefix"].replace("-", "_").upper()
        types = {prefix + a["name"].replace("-", "_").upper(): {a["type"]}
                 for a in sets[name]["attributes"] if a["name"] in listed[name]}
        same({attr: how for attr, how in put.items() if attr.startswith(prefix)}, types,
              f"attributes of {name} that the code sends, and their types")


def check_stats(spec):
    sets = {a["name"]: a for a in spec["attribute-sets"]}
    enum = [d for d in spec["definitions"] if d["name"] == "stat"][0]
    counters = [a["name"] for a in sets["stats"]["attributes"] if a["type"] != "pad"]
    same(enum["entries"], counters, "the counters of an event are those of stats-get")
    reply = [op for op in spec["operations"]["list"] if op["name"] == "stats-get"][0]["do"]["reply"]
    same(reply["attributes"], counters, "stats-get tells them all")


def check_schema(ynl, kind, spec):
    with open(os.path.join(ynl, f"Documentation/netlink/{kind}.yaml"), encoding="utf-8") as file:
        schema = yaml.safe_load(file)
    errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
              for e in jsonschema.Draft7Validator(schema).iter_errors(spec)]
    same(errors, [], f"valid by the kernel's own schema {kind}")


def without_c(spec):
    """Without what C calls things: all else is as the strictest notation, genetlink, has it."""
    c_names = {"definitions": {"name-prefix"}, "list": {"c-define-name"}}
    spec = {key: value for key, value in spec.items() if not key.startswith("c-")}
    for where, key in ((spec, "definitions"), (spec["mcast-groups"], "list")):
        where[key] = [{k: v for k, v in d.items() if k not in c_names[key]} for d in where[key]]
    return spec | {"protocol": "genetlink"}


def main(ynl):
    spec = yaml.safe_load(read(SPEC))
    check_schema(ynl, "genetlink-c", spec)
    check_schema(ynl, "genetlink", without_c(yaml.safe_load(read(SPEC))))
    header, source = generate(ynl, all_defined_here(spec))
    check_numbers(header)
    check_tables(source, spec["mcast-groups"]["list"])
    check_replies(spec)
    check_stats(spec)
    done()


main(sys.argv[1])
