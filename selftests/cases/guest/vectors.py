#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The test vectors against the module: the same file that core and tool read.

Their epochs and times are of no host, so a genuine one is stale or malformed
here: that tells that both of its tags hold. A forged one must fail the check
that it names.
"""
import json
import socket
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import srq  # noqa: E402
from host import KEY_ID, Host, done, ok, same  # noqa: E402

with open("/src/selftests/vectors/vectors.json", encoding="ascii") as file:
    vectors = json.load(file)

GENUINE = {"stale-epoch", "stale-old", "stale-future", "stale-floor", "stale-wall"}
FAILS = {"key_id": "key-unknown"}
SLOT_PAUSE = 1.05  # stale ones are looked into once a second and slot

with Host() as host:
    host.del_key("ops")
    for entry in vectors["keys"]:
        host.new_key(entry["name"], bytes.fromhex(entry["material"]), identity="a")
        got = int.from_bytes(host.keys()[entry["name"]][KEY_ID], "little")
        same(f"{got:08x}", entry["id"], f"key {entry['name']}: its id")
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(1)

    slots = {}

    def counted(data):
        # One slot after the other: none is limited by the one before it.
        slot = data[86] % 64 if len(data) == 94 else None
        time.sleep(max(0.0, slots.get(slot, 0) + SLOT_PAUSE - time.monotonic()))
        result = host.counted(lambda: sock.sendto(data, ("127.0.0.1", 9)), 0.02)
        slots[slot] = time.monotonic()
        return result

    for kind in ("requests", "malformed"):
        for vector in vectors[kind]:
            data = bytes.fromhex(vector["datagram"])
            result = counted(data)
            ok(len(result) == 1 and set(result) <= GENUINE, f"{kind}: {vector['name']}", result)
            reply = sock.recv(200)
            key = next(k for k in vectors["keys"] if k["name"] == vector["key"])
            key = srq.Key(bytes.fromhex(key["material"]))
            answer = srq.open_reply(reply)
            same((key.admits(reply, reply=True), key.holds(reply, reply=True), answer.status,
                  answer.request_stamp), (True, True, 2, int(vector["stamp"])),
                 f"{kind}: {vector['name']}: its answer")
    for vector in vectors["forged"]:
        want = FAILS.get(vector["fails"], vector["fails"])
        result = counted(bytes.fromhex(vector["datagram"]))
        ok(result == {want: 1} or (want == "mac" and result == {"stale-limited": 1}),
           f"forged: {vector['name']}", f"{result}, want {want}")
done()
