#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Events as the kernel's own netlink client (ynl) is told of them, by its command line and by our
specification alone."""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import nl  # noqa: E402
from host import Host, done, ok, same, sh, write  # noqa: E402
from ynl_client import CLI, SCHEMA, SPEC, family, operations, outcome  # noqa: E402

SECONDS = 15


def joined(group):
    """How many sockets listen to a multicast group of generic netlink."""
    bit = nl.Genl("nft_sysrq").groups[group] - 1
    with open("/proc/net/netlink", encoding="ascii") as file:
        rows = [line.split() for line in file][1:]
    return sum(row[1] == "16" and bool(int(row[3], 16) >> bit & 1) for row in rows)


write("/proc/sys/kernel/sysrq", 1)
ynl = family()
ynl.ntf_subscribe("events")
listener = subprocess.Popen([sys.executable, "-B", CLI, "--spec", SPEC, "--schema", SCHEMA,
                             "--output-json", "--subscribe", "events", "--sleep", str(SECONDS)],
                            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
start = time.monotonic()
while joined("events") < 2 and time.monotonic() < start + 60:
    time.sleep(0.1)
same(joined("events"), 2, "ynl and its command line listen")

since = time.time_ns()
with Host() as host:
    client = host.client()
    client.probe("hc", wall=False)
    client.run("5 +0 h")
    run = client.request.nonce
    time.sleep(0.2)  # seen, and answered again
    client.again()
    client.run("hA")
    client.run("h +20s b")
    time.sleep(1.5)  # at the latest by then the timer runs what prints
    client.cancel()
    host.set_key("ops", letters="h")
    # Not by the socket that listens: ynl of 6.12 stumbles over an event that comes before an answer.
    same(outcome(family().do, "key-set", {"name": "ops", "material": os.urandom(32), "overlap": 60}),
         None, "new material, beside the old")
    port = client.socket.getsockname()[1]
    key_id = hex(int.from_bytes(host.key.id, "big"))
    time.sleep(0.5)
until = time.time_ns()
time.sleep(1)

ynl.check_ntf()
told = ynl.async_msg_queue
out = listener.communicate(timeout=60)[0]
lines = [line for line in out.split("\n") if line.startswith("[")]
heard = json.loads(lines[-1]) if lines else []
same(heard, json.loads(json.dumps(told, default=lambda x: x.hex() if isinstance(x, bytes) else list(x))),
     f"the command line is told the same {len(told)} events")

for name, op in operations.items():
    if "event" not in op:
        continue
    known = set(op["event"]["attributes"])
    mine = [e["msg"] for e in told if e["name"] == name]
    # What is not always there: lost, and port, where the sender has one.
    ok(mine and all(known - {"lost"} == set(e) for e in mine),
       f"{name} ({len(mine)}): the attributes of the specification", mine)
ok(all(since <= e["msg"]["realtime"] <= until for e in told), "each says when")

requests = [e["msg"] for e in told if e["name"] == "request-ntf"]
seen = [(e["type"], e["stat"], e["status"], e["steps"]) for e in requests][-6:]
same(seen, [("probe", "probe", "ok", "68 00 63 00"), ("run", "run", "ok", "35 00 68 00"),
            ("run", "seen", "ok", "35 00 68 00"), ("run", "refused-unknown", "refused", "68 00 41 00"),
            ("run", "run", "ok", "68 81 62 00"), ("cancel", "cancel", "ok", "")],
     "requests, by the names of the specification")
same([sorted(e["bits"]) for e in requests[-6:]], [[], [], ["seen"], [], [], []], "their bits")
same([int(e["reasons"], 16) for e in requests[-6:]], [0, 0, 0, 3 << 2, 0, 0], "their reasons")
same({(e["address"], e["port"], e["key"], e["key-id"]) for e in requests[-6:]},
     {(bytes((127, 0, 0, 1)), port, "ops", key_id)}, "from where, and by which key")
steps = [e["msg"] for e in told if e["name"] == "step-ntf"]
same([(e["steps"], int(e["nonce"], 16) == run) for e in steps][:2],
     [("35 00 68 00", True), ("68 00", True)], "steps as they run")
dropped = [e["msg"]["steps"] for e in told if e["name"] == "program-ntf"]
same(dropped, ["62 00"], "what was cancelled")
changes = [e["msg"]["change"] for e in told if e["name"] == "key-ntf"]
same(changes, ["new", "settings", "new", "replaced", "gone", "gone"], "what happened to the key")

out = sh("setpriv --reuid 65534 --clear-groups --bounding-set -all --inh-caps -all python3 -B -c '"
         'import sys; sys.path.insert(0, "/src/selftests/lib"); from ynl_client import family; '
         'family().ntf_subscribe("events")\' 2>&1', check=False)
ok("PermissionError" in out, "who is not privileged may not listen", out)
write("/proc/sys/kernel/sysrq", 438)
done()
