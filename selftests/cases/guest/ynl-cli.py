#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Each operation of the family by the command line of the kernel's own netlink client (ynl)."""
import json
import os
import sys

sys.path.insert(0, "/src/selftests/lib")
from host import done, ok, same  # noqa: E402
from ynl_client import cli, family  # noqa: E402

ynl = family()
material = os.urandom(32)

status, out = cli("--do", "key-new", "--json",
                  json.dumps({"name": "cli", "material": material.hex(), "letters": "sub"}))
same((status, out.strip()), (0, "None"), "a key")
status, out = cli("--output-json", "--dump", "key-get")
told = json.loads(out)
same([(key["name"], key["letters"], key["tolerance"], key["wall"]) for key in told],
     [("cli", "bsu", 60000, 1)], "a dump")
ok(material.hex() not in out and "material" not in out, "no key comes out")
status, out = cli("--do", "key-set", "--json", '{"name": "cli", "letters": "h"}')
same((status, out.strip(), ynl.do("key-get", {"name": "cli"})["letters"]), (0, "None", "h"),
     "other settings")
for op, values in (("key-get", {"name": "cli"}), ("stats-get", {}), ("status-get", {})):
    status, out = cli("--output-json", "--do", op, "--json", json.dumps(values))
    told, want = json.loads(out) if status == 0 else {}, ynl.do(op, values)
    # Time goes by between the two.
    unlike = {name for name in want if told.get(name) != want[name]}
    ok(set(told) == set(want) and unlike <= {"age", "boottime", "realtime"}, op, out)
for op, values, why, attr in (("key-del", {"name": "nobody"}, "NAME: no key has it", "'.name'"),
                              ("program-cancel", {}, "no program is pending", "")):
    status, out = cli("--do", op, "--json", json.dumps(values))
    ok(status == 1 and why in out and attr in out,
       f"{op}: a refusal says why, and which attribute", out)
status, out = cli("--do", "key-del", "--json", '{"name": "cli"}')
same((status, out.strip(), ynl.dump("key-get", {})), (0, "None", []), "the key goes")
done()
