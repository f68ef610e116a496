#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Ten thousand keys: each is good, the kernel's own netlink client (ynl) is told of all of them in
one dump, and there is no room for one more."""
import json
import os
import random
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import nl  # noqa: E402
import srq  # noqa: E402
from host import KEY_DEL, KEY_NEW, MATERIAL, NAME, Host, done, ok, same  # noqa: E402
from ynl_client import cli, constant, family, outcome  # noqa: E402

ENOSPC = 28
COUNT = constant("keys-max")
PROBED = 300
AT_ONCE = 100


def many(genl, cmd, messages):
    """Requests in few datagrams; raises what the first that is refused says."""
    for i in range(0, len(messages), AT_ONCE):
        data = b"".join(genl.message(genl.family, nl.NLM_F_REQUEST | nl.NLM_F_ACK,
                                     bytes((cmd, 1, 0, 0)) + message)
                        for message in messages[i:i + AT_ONCE])
        genl.sock.send(data)
        genl.answers(genl.seq)


def without_time(key):
    return {name: value for name, value in key.items() if name != "age"}


ynl = family()
materials = {f"many-{i}": os.urandom(32) for i in range(COUNT - 1)}
with Host() as host:
    materials["ops"] = host.key.material
    start = time.monotonic()
    many(host.genl, KEY_NEW, [nl.attr(NAME, name) + nl.attr(MATERIAL, material)
                              for name, material in materials.items() if name != "ops"])
    took = time.monotonic() - start
    same(ynl.do("status-get", {})["keys"], COUNT, f"{COUNT} keys ({took:.1f} s)")

    text = "this network namespace has 10,000 keys already"
    same(outcome(ynl.do, "key-new", {"name": "more", "material": os.urandom(32)}),
         (ENOSPC, text, ""), "one more is refused")
    same(outcome(ynl.do, "key-get", {"name": "more"}), (2, "NAME: no key has it", "name"),
         "and is not there")

    start = time.monotonic()
    raw = host.genl.request(host.genl.family, bytes((4, 1, 0, 0)), nl.NLM_F_DUMP)
    took = time.monotonic() - start
    ok(len(raw) == COUNT and took < 10, f"a dump of them all, unread ({took:.1f} s)", len(raw))
    start = time.monotonic()
    told = {key["name"]: key for key in ynl.dump("key-get", {})}
    took = time.monotonic() - start
    ok(took < 60, f"ynl's dump ({took:.1f} s)")
    same(set(told), set(materials), "has each key once")
    ids = {name: int(key["id"], 16) for name, key in told.items()}
    epochs = {key["epoch"] for key in told.values()}
    same((len(epochs), "0x0" in epochs), (COUNT, False), "each with an epoch of its own")

    wrong, unlike = [], []
    for name in random.sample(sorted(materials), PROBED):
        key = srq.Key(materials[name])
        if ids[name] != int.from_bytes(key.id, "big") or \
                without_time(ynl.do("key-get", {"name": name})) != without_time(told[name]):
            unlike.append(name)
        with host.client(key=key) as client:
            reply = client.probe()
            if not reply or int(told[name]["epoch"], 16) != int.from_bytes(reply.epoch, "big"):
                wrong.append(name)
    same(unlike, [], f"{PROBED} of them by their names: the same as in the dump")
    same(wrong, [], "each of these answers a probe, in its epoch")

    # Room again, and only for as many as went.
    host.del_key("many-0")
    same(outcome(ynl.do, "key-new", {"name": "more", "material": os.urandom(32)}), None,
         "where one went, another may come")
    same(outcome(ynl.do, "key-new", {"name": "more2", "material": os.urandom(32)}),
         (ENOSPC, text, ""), "but one")
    same(outcome(ynl.do, "key-set", {"name": "ops", "material": os.urandom(32)}), None,
         "new material takes no room")
    same(outcome(ynl.do, "key-set", {"name": "ops", "material": os.urandom(32), "overlap": 60}),
         (ENOSPC, text, ""), "but beside the old it does")

    start = time.monotonic()
    status, out = cli("--output-json", "--dump", "key-get")
    names = [key["name"] for key in json.loads(out)] if status == 0 else []
    same((status, len(names), set(names)), (0, COUNT, set(materials) - {"many-0"} | {"more"}),
         f"its command line dumps them all, too ({time.monotonic() - start:.1f} s)")
    start = time.monotonic()
    many(host.genl, KEY_DEL, [nl.attr(NAME, name) for name in names])
    same(ynl.dump("key-get", {}), [], f"all are deleted ({time.monotonic() - start:.1f} s)")
done()
