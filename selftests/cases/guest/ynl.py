#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The family as the kernel's own netlink client (ynl) finds it, by our specification alone: every
operation, every bound of every attribute, and the text of every refusal."""
import os
import re
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import nl  # noqa: E402
from host import STATS, Host, at_rest, done, ok, same, sh, write  # noqa: E402
from ynl_client import (attributes, bounds, control, family, operations,  # noqa: E402
                        outcome, spec)

EPERM, ENOENT, EEXIST, EINVAL, ERANGE = 1, 2, 17, 22, 34
ynl = family()
key_attrs = attributes["key"]
numbers = {name: i for i, name in enumerate(key_attrs, 1)}
material = os.urandom(32)
texts = set()


def refused(op, values, want, what):
    """want: errno, text, attribute."""
    got = outcome(ynl.do, op, values)
    if isinstance(got, tuple):
        texts.add(got[1])
    same(got, want, what)


def takes(values, what, op="key-new"):
    """A key is made (or set) with these values, tells them, and goes."""
    full = {"name": "k", "material": material} | values
    got = outcome(ynl.do, op, full)
    told = outcome(ynl.do, "key-get", {"name": full["name"]})
    values = {name: "".join(sorted(value, key=ORDER.index)) if name == "letters" else value
              for name, value in values.items() if name not in ("material", "overlap")}
    same((got, {name: told.get(name) for name in values} if isinstance(told, dict) else told),
         (None, values), what)
    outcome(ynl.do, "key-del", {"name": full["name"]})


ORDER = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

# What the kernel itself says of the family is what the specification says.
ctrl = control()
told = ctrl.do("getfamily", {"family-name": spec["name"]})
same((told["version"], told["hdrsize"]), (1, 0), "version, no header of its own")
commands = {name: i for i, name in enumerate(operations, 1)}
flags = {op["id"]: op["flags"] - {"cmd-cap-haspol"} for entry in told["ops"] for op in entry.values()}
same(flags, {commands[name]: {"admin-perm"} | ({"cmd-cap-do"} if "do" in op else set()) |
             ({"cmd-cap-dump"} if "dump" in op else set())
             for name, op in operations.items() if "event" not in op}, "operations, and their privilege")
same(sorted(group["name"] for entry in told.get("mcast-groups", ()) for group in entry.values()),
     sorted(group["name"] for group in spec["mcast-groups"]["list"]), "multicast groups")

policies, of = {}, {}
for part in ctrl.dump("getpolicy", {"family-name": spec["name"]}):
    if "op-policy" in part:
        of[part["op-policy"]["op-id"]] = part["op-policy"]["do"]
    else:
        policy = part["policy"]
        policies.setdefault(policy["policy-id"], {})[policy["attr-id"]] = policy
for name, op in operations.items():
    if "event" in op:
        continue
    want = {}
    for attr in op["do"].get("request", {}).get("attributes", ()):
        b, kind = bounds(key_attrs[attr]), key_attrs[attr]["type"]
        if kind in ("string", "binary"):
            want[numbers[attr]] = (kind, b["min-len"], b["max-len"])
        else:
            want[numbers[attr]] = (kind, b["min"], b["max"])
    got = {i: (p["type"].replace("nul-", ""),
               p.get("min-value-u", p.get("min-length", 0)), p.get("max-value-u", p.get("max-length")))
           for i, p in policies.get(of[commands[name]], {}).items()}
    if name == "key-new":
        # It shares key-set's policy, and refuses this by itself.
        got.pop(numbers["overlap"], None)
    same(got, want, f"{name}: what the kernel checks")

# Bounds, as the specification has them.
SAMPLE = {"name": "n", "identity": "i", "letters": ORDER}
for name in operations["key-new"]["do"]["request"]["attributes"]:
    attr, b = key_attrs[name], bounds(key_attrs[name])
    if attr["type"] == "string":
        longest = (SAMPLE[name] * 256)[:b["max-len"]]
        takes({name: longest}, f"{name} of {len(longest)} bytes")
        if name != "name":
            takes({name: ""}, f"{name}: empty")
        refused("key-new", {"name": "k", "material": material} | {name: longest + "x"},
                (EINVAL, "Attribute failed policy validation", name), f"{name}: a byte more")
    elif attr["type"] == "binary":
        takes({name: os.urandom(b["max-len"])}, f"{name} of {b['max-len']} bytes")
        for size in (0, b["min-len"] - 1, b["max-len"] + 1):
            refused("key-new", {"name": "k", name: bytes(size)},
                    (ERANGE, "binary attribute size out of range", name), f"{name} of {size} bytes")
    else:
        for value in (b["min"], b["max"]):
            takes({name: value}, f"{name}: {value}")
        most = 2 ** int(attr["type"][1:]) - 1
        for value in {b["min"] - 1, b["max"] + 1, most}:
            if value >= 0:
                refused("key-new", {"name": "k", "material": material, name: value},
                        (ERANGE, "integer out of range", name), f"{name}: {value}")

# What ynl cannot say: other lengths than the type's, a text without an end.
raw = nl.Genl("nft_sysrq")
SIZES = {"u8": 1, "u32": 4, "u64": 8}
for name in operations["key-new"]["do"]["request"]["attributes"]:
    kind = key_attrs[name]["type"]
    if kind == "binary":
        continue
    for data in ([b"", b"text", b"a\0b\0"] if kind == "string" else
                 [b"\x10" * n for n in (0, SIZES[kind] - 1, SIZES[kind] + 1)]):
        message = {"name": b"k\0", "material": material, name: data}
        try:
            raw.call(1, *(nl.attr(numbers[n], value) for n, value in message.items()))
            got = "taken"
        except nl.NlError as e:
            got = (e.errno in (EINVAL, ERANGE), bool(e.text), e.offset is not None or not data)
        # "a", an end, and more behind it, is the text "a": so the kernel has it for all families.
        if data == b"a\0b\0" and got == "taken":
            outcome(ynl.do, "key-del", {"name": "a" if name == "name" else "k"})
            got = (True, True, True)
        same(got, (True, True, True), f"{name} as {data!r}")

# Attributes that go out only, that are not the operation's, that nobody knows.
VALUE = {"flag": True, "u8": 1, "u16": 1, "u32": 1, "u64": 1, "string": "x", "binary": b"x"}
for op in ("key-new", "key-set", "key-del", "key-get"):
    known = operations[op]["do"]["request"]["attributes"]
    for name, attr in key_attrs.items():
        if name in known or attr["type"] == "pad" or (op, name) == ("key-new", "overlap"):
            continue
        got = outcome(ynl.do, op, {"name": "k", name: VALUE[attr["type"]]})
        ok(got in ((EINVAL, "Unsupported attribute", name), (EINVAL, "Unknown attribute type", name)),
           f"{op}: {name} is not taken", got)
for op in ("stats-get", "status-get", "program-cancel"):
    try:
        raw.call(commands[op], nl.u32(1, 1))
        got = "taken"
    except nl.NlError as e:
        got = (e.errno, e.text)
    ok(got[0] == EINVAL and got[1], f"{op}: takes no attribute", got)

# Refusals of our own, each with its text and attribute.
for name in ("", "-x", "a b", "a/b"):
    refused("key-new", {"name": name, "material": material},
            (EINVAL, "NAME: 1 to 31 of A-Z a-z 0-9 . _ -, not beginning with -", "name"),
            f"name {name!r}")
for op in ("key-new", "key-set", "key-del", "key-get"):
    refused(op, {}, (EINVAL, "NAME is missing", "!name"), f"{op}: no name")
for op in ("key-set", "key-del", "key-get"):
    refused(op, {"name": "nobody"}, (ENOENT, "NAME: no key has it", "name"), f"{op}: no such key")
refused("key-new", {"name": "k"}, (EINVAL, "MATERIAL is missing", "!material"), "no material")
new = {"name": "k", "material": material}
refused("key-new", new | {"letters": "s!"}, (EINVAL, "LETTERS: only 0-9, a-z and A-Z", "letters"),
        "a letter that is none")
refused("key-new", new | {"expires": 1}, (EINVAL, "EXPIRES: is past by this host's clock", "expires"),
        "an expiry that is past")
for identity in ("Web1", "web1.", "a b"):
    refused("key-new", new | {"identity": identity},
            (EINVAL, "IDENTITY: lower-case ASCII without final dot", "identity"),
            f"identity {identity!r}")
for window in (17, 4095):
    refused("key-new", new | {"window": window}, (EINVAL, "WINDOW: not a power of two", "window"),
            f"a window of {window}")
if "overlap" in operations["key-set"]["do"]["request"]["attributes"]:
    refused("key-new", new | {"overlap": 5}, (EINVAL, "OVERLAP: a new key replaces nothing", "overlap"),
            "a new key with an overlap")
same(outcome(ynl.do, "key-new", new), None, "key-new")
refused("key-new", new, (EEXIST, "NAME: a key has it", "name"), "a name twice")
refused("key-new", new | {"name": "k2"}, (EEXIST, "MATERIAL: in use under another name", "material"),
        "material twice")
refused("key-set", {"name": "k", "window": 128}, (EINVAL, "WINDOW: only with MATERIAL", "window"),
        "a window without material")
refused("key-set", {"name": "k", "identity": "web2"},
        (EINVAL, "IDENTITY: only with MATERIAL", "identity"), "an identity without material")
refused("key-set", {"name": "k", "overlap": 60},
        (ENOENT, "OVERLAP: nothing that was replaced is still good", "overlap"),
        "an overlap of nothing")
refused("program-cancel", {}, (ENOENT, "no program is pending", ""), "nothing to cancel")

# Privilege: CAP_NET_ADMIN to look, CAP_SYS_ADMIN as well to change.
PROBE = r'''
import sys; sys.path.insert(0, "/src/selftests/lib")
from ynl_client import family, outcome
y = family()
for op, values in (("status-get", {}), ("key-get", {"name": "k"}), ("key-del", {"name": "k"}),
                   ("key-set", {"name": "k", "wall": 0}), ("program-cancel", {}),
                   ("key-new", {"name": "x", "material": bytes(32)})):
    got = outcome(y.do, op, values)
    print(op, got[:2] if isinstance(got, tuple) else "done")
'''
with open("/tmp/probe.py", "w", encoding="ascii") as file:
    file.write(PROBE)
NEEDS = (EPERM, "needs CAP_SYS_ADMIN in the initial user namespace")
out = sh("setpriv --bounding-set -sys_admin --inh-caps -sys_admin python3 -B /tmp/probe.py", check=False)
same(out.split("\n")[:-1], ["status-get done", "key-get done"] +
     [f"{op} {NEEDS}" for op in ("key-del", "key-set", "program-cancel", "key-new")],
     "without CAP_SYS_ADMIN: look, but change nothing")
texts.add(NEEDS[1])
out = sh("setpriv --reuid 65534 --clear-groups --bounding-set -all --inh-caps -all "
         "python3 -B /tmp/probe.py", check=False)
same(out.split("\n")[:-1], [f"{op} ({EPERM}, None)" for op in
     ("status-get", "key-get", "key-del", "key-set", "program-cancel", "key-new")],
     "without CAP_NET_ADMIN: nothing")

# Life of a key.
before = ynl.do("key-get", {"name": "k"})
same(outcome(ynl.do, "key-set", {"name": "k", "letters": "bus", "tolerance": 3000, "wall": 0}), None,
     "key-set: settings")
after = ynl.do("key-get", {"name": "k"})
same((after["letters"], after["tolerance"], after["wall"], after["epoch"], after["id"]),
     ("bsu", 3000, 0, before["epoch"], before["id"]), "settings change, the epoch does not")
same(outcome(ynl.do, "key-set", {"name": "k", "material": os.urandom(32), "window": 4096,
                                 "identity": "web2"}), None, "key-set: material")
after = ynl.do("key-get", {"name": "k"})
same((after["window"], after["identity"], after["letters"], after["epoch"] != before["epoch"],
      after["id"] != before["id"]), (4096, "web2", "bsu", True, True), "all is new but the settings")
ynl.do("key-del", {"name": "k"})
same(ynl.dump("key-get", {}), [], "key-del")

# Counters and state are what raw netlink and the packets say.
write("/proc/sys/kernel/sysrq", 1)
with Host() as host:
    client = host.client()
    client.probe()
    same(client.run("h +30s b").status_name, "ok", "a program is sent")
    for _ in range(100):
        state = ynl.do("status-get", {})
        pending = state.get("pending", {})
        if pending.get("steps") == "62 00":  # h has run
            break
        time.sleep(0.1)
    ok(pending.get("key") == "ops" and 20000 < pending.get("fires", 0) <= 30000 and
       pending.get("steps") == "62 00" and int(pending.get("nonce", "0"), 16) != 0,
       "status-get: the pending program", state)
    same((state["mask"], state["exprs"], state["keys"]), (1, 1, 1), "status-get: mask, rules, keys")
    ok(set(state["handled"]) <= set(ORDER) and set("bcsu") <= set(state["handled"]) and
       abs(state["realtime"] - state["boottime"]) > 10 ** 18, "status-get: letters, clocks", state)
    counted = ynl.do("stats-get", {})
    same(list(counted), list(STATS), "stats-get: the counters, in their order")
    same(at_rest(counted), at_rest(host.stats()), "stats-get: their values")
    same((counted["run"], counted["reply-sent"]), (1, 2), "and they have counted")
    key = ynl.do("key-get", {"name": "ops"})
    ok(key["used"] >= 1 and key["accepted"] == 1 and key["last-use"] <= 60 and "expired" not in key,
       "key-get: use", key)
    same(outcome(ynl.do, "program-cancel", {}), None, "program-cancel")
    ok("pending" not in ynl.do("status-get", {}), "nothing is pending then")
write("/proc/sys/kernel/sysrq", 438)

# No refusal of the module is left out here.
said = set()
for name in sorted(os.listdir("/src/kernel")):
    if re.fullmatch(r"netlink\w*\.c", name):
        with open(f"/src/kernel/{name}", encoding="utf-8") as file:
            code = file.read()
        said |= set(re.findall(r"GENL_SET_ERR_MSG\(\s*info,\s*\"(.*?)\"", code, re.S))
        said |= set(re.findall(r"refuse\(\s*info,\s*\w+,\s*\"(.*?)\"", code, re.S))
# The first takes 10,000 keys (ynl-keys.py); the second a machine that has just started.
said -= {"this network namespace has 10,000 keys already", "the random generator is not ready yet"}
same((len(said) > 10, said - texts), (True, set()), f"all {len(said)} texts of the module were heard")
done()
