#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes vectors.json, from selftests/lib/srq alone (and Argon2id of its inventors).

    generate.py            write it
    generate.py --check    compare it, byte for byte

docs/protocol.md describes the format.
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))

from srq.hostile import flip, patch  # noqa: E402
from srq.keys import Key, siphash24  # noqa: E402
from srq.people import fleet_key, host_key, salt  # noqa: E402
from srq.wire import (CANCEL, FIRES_NONE, PROBE, RUN, STATUSES, TYPES, Reply, Request,  # noqa: E402
                      open_reply, pack_reasons, parse_steps, wait_code, wait_ms)

PATH = os.path.join(HERE, "vectors.json")

KEYS = {
    "counting": bytes(range(32)),
    "zeroes": bytes(32),
    "ones": b"\xff" * 32,
    "web1": bytes.fromhex("8f3a1c5e7092b4d6f81a3c5e7092b4d6e8fa0c1e3d5b79f7a1c3e507294b6d8f"),
}
IDENTITIES = ["", "a", "web1", "web1.example.org", "db-7.rack_3.example.net", "x" * 253]

PASSPHRASES = [
    ("correct horse battery staple", "example.org", ["web1", "db-7.rack_3.example.net"]),
    ("Grün ist, was wächst 7", "a", ["a"]),
    ("x" * 1023, "x" * 253, ["x" * 253]),
]

EPOCH = bytes.fromhex("0123456789abcdef")
BOOT = 86_400_123_456_789           # a day and a bit after boot
REAL = 1_760_000_000_123_456_789    # 2025-10-09
LONGEST = list(zip(b"0123456789z", (0, 1, 127, 128, 254, 255, 0, 7, 99, 200, 13)))


def key_vectors():
    for name, material in KEYS.items():
        key = Key(material)
        yield {"name": name, "material": material.hex(), "id": key.id.hex(),
               "request_mac": key.request_mac.hex(), "request_adm": key.request_adm.hex(),
               "reply_mac": key.reply_mac.hex(), "reply_adm": key.reply_adm.hex(),
               "host_tags": [{"identity": i, "tag": key.host_tag(i).hex()} for i in IDENTITIES]}


def passphrase_vectors():
    for passphrase, realm, identities in PASSPHRASES:
        fleet = fleet_key(passphrase.encode(), realm)
        yield {"passphrase": passphrase, "realm": realm, "salt": salt(realm).hex(),
               "fleet": fleet.hex(),
               "hosts": [{"identity": i, "key": host_key(fleet, i).hex()} for i in identities]}


def request(name, kind, key="web1", why=None, **fields):
    """One request and its bytes."""
    fields = {"nonce": 0x5a17c0de, "epoch": EPOCH, "stamp": BOOT, **fields}
    r = Request(kind, **fields)
    data = r.seal(Key(KEYS[key]))
    r = Request.decode(data)
    v = {"name": name, "key": key, "type": TYPES[kind], "flags": r.flags, "nsteps": r.nsteps,
         "nonce": f"{r.nonce:08x}", "epoch": r.epoch.hex(), "stamp": str(r.stamp),
         "body": r.body.hex(), "meaningful": r.meaningful(), "datagram": data.hex()}
    if why:
        v["why"] = why
    return v


def good_requests():
    tag = Key(KEYS["web1"]).host_tag("web1")
    yield request("probe, bare, as a sender begins", PROBE, wall=True, epoch=bytes(8), stamp=REAL)
    yield request("probe, bare, of one host", PROBE, wall=True, epoch=tag, stamp=REAL)
    yield request("probe, bare, in epoch mode", PROBE)
    yield request("probe for the pending program", PROBE, page=1)
    yield request("probe with steps: a dry run", PROBE, steps=parse_steps("s +2s u +2s b"))
    yield request("run in epoch mode", RUN, steps=parse_steps("s +2s u +2s b"))
    yield request("run in wall-clock mode, another encoding of it", RUN, wall=True, epoch=tag,
                  stamp=REAL, steps=parse_steps("s +2s u +2s b"))
    yield request("run of one step", RUN, steps=[(ord("s"), 0)])
    yield request("run with a wait first", RUN, steps=parse_steps("+1.5s t"))
    yield request("run of 11 steps, all kinds of waits", RUN, steps=LONGEST)
    yield request("run of 11 steps that only wait, the longest", RUN, steps=[(0, 255)] * 11)
    yield request("run with a wait behind its last step", RUN, steps=[(ord("b"), 77)])
    yield request("run of upper-case letters", RUN, steps=parse_steps("RDSAZ"))
    yield request("cancel in epoch mode", CANCEL)
    yield request("cancel in wall-clock mode", CANCEL, wall=True, epoch=tag, stamp=REAL)
    yield request("lowest values", PROBE, nonce=0, epoch=bytes(8), stamp=0, key="zeroes")
    yield request("highest values", RUN, nonce=2**32 - 1, epoch=b"\xff" * 8, stamp=2**63 - 1,
                  steps=[(ord("z"), 255)] * 11, key="ones")
    yield request("lowest stamp", CANCEL, stamp=-2**63, key="counting")
    yield request("a stamp before the clock began", CANCEL, stamp=-1, key="counting")
    for letter in "0 9 a z A Z".split():
        yield request(f"first or last letter of its kind: {letter}", RUN, steps=[(ord(letter), 0)])


def meaningless_requests():
    """Genuine, and to be answered as malformed."""
    steps = [(ord("s"), 0)]
    yield request("unknown flag 0x02", RUN, steps=steps, flags=0x02, why="flag")
    yield request("unknown flag 0x80 beside wall clock", RUN, steps=steps, flags=0x81, why="flag")
    yield request("run without steps", RUN, why="a run has steps")
    yield request("cancel with a step", CANCEL, steps=steps, why="a cancel has none")
    yield request("unused step not zero", RUN, steps=steps, body=b"s\0b", why="unused step")
    yield request("last byte not zero", RUN, steps=steps, body=b"s\0" + bytes(19) + b"\1",
                  why="unused step")
    yield request("body of a cancel not zero", CANCEL, body=b"\1", why="unused step")
    yield request("page 2", PROBE, page=2, why="page")
    yield request("page 255", PROBE, page=255, why="page")
    yield request("bare probe, not zero behind the page", PROBE, body=b"\1\1", why="unused step")
    for letter in b" /:@[`{-+\x01\x7f\x80\xff":
        yield request(f"letter 0x{letter:02x}", RUN, steps=[(letter, 0)], why="letter")
    yield request("the last of 11 letters", RUN, steps=LONGEST[:10] + [(ord("!"), 0)],
                  why="letter")


def forged_requests():
    """Not to be answered at all."""
    key = Key(KEYS["web1"])
    good = Request(RUN, nonce=0x5a17c0de, epoch=EPOCH, stamp=BOOT, steps=parse_steps("s"))
    data, head = good.seal(key), good.head(key.id)

    def bad(name, fails, forged, why):
        return {"name": name, "key": "web1", "fails": fails, "datagram": forged.hex(),
                "why": why}

    def sealed(name, fails, offset, value, why):
        return bad(name, fails, key.seal(patch(head, offset, value)), why)

    yield bad("empty", "length", b"", "not 94 bytes")
    yield bad("one byte short", "length", data[:-1], "not 94 bytes")
    yield bad("one byte long", "length", data + b"\0", "not 94 bytes")
    yield sealed("magic of lower case", "magic", 0, b"srq", "the magic is SRQ")
    yield sealed("version 0", "version", 3, b"\0", "the version is 1")
    yield sealed("version 2", "version", 3, b"\2", "the version is 1")
    yield sealed("type 0", "header", 4, b"\0", "types are 1, 2, 3")
    yield sealed("type 4", "header", 4, b"\4", "types are 1, 2, 3")
    yield sealed("type of a reply", "header", 4, b"\x82", "a reply is no request")
    yield sealed("12 steps", "header", 6, b"\x0c", "at most 11 steps")
    yield sealed("255 steps", "header", 6, b"\xff", "at most 11 steps")
    yield sealed("byte 7 not zero", "header", 7, b"\1", "zero in a request")
    yield sealed("id of no key", "key_id", 8, Key(b"nobody's key of thirty-two bytes").id,
                 "not an id of these keys")
    yield bad("sealed with another key", "admission", Key(KEYS["ones"]).seal(head),
              "a key id may be the same by chance")
    yield bad("sealed as a reply", "admission", key.seal(head, reply=True),
              "each direction has keys of its own")
    yield bad("host's epoch changed by one bit", "admission", flip(data, 8 * 16),
              "the admission tag covers all")
    yield bad("HMAC changed by one bit", "admission", flip(data, 8 * 54),
              "the admission tag covers the HMAC")
    yield bad("first bit of the admission tag changed", "admission", flip(data, 8 * 86),
              "the admission tag itself")
    yield bad("last bit of the admission tag changed", "admission", flip(data, 8 * 94 - 1),
              "the admission tag itself")
    tag = data[86:]
    yield bad("admission tag in the other byte order", "admission", data[:86] + tag[::-1],
              "least significant byte first")
    yield bad("letter changed, admission tag made anew", "mac",
              key.reseal_admission(patch(data, 32, b"b")), "the HMAC covers the steps")
    yield bad("HMAC of zeroes, admission tag made anew", "mac",
              key.reseal_admission(patch(data, 54, bytes(32))), "the HMAC itself")
    yield bad("last bit of the HMAC changed, admission tag made anew", "mac",
              key.reseal_admission(flip(data, 8 * 86 - 1)), "the HMAC itself")


def reply(name, kind, status, key="web1", page=0, **fields):
    fields = {"nonce": 0x5a17c0de, "epoch": EPOCH, "boottime": BOOT + 1_000_000,
              "request_stamp": BOOT, "wall_ms": REAL // 10**6, "mask": 1, **fields}
    data = Reply(kind=kind, status=status, **fields).seal(Key(KEYS[key]))
    return described_reply(name, key, page, data)


def described_reply(name, key, page, data):
    r = open_reply(data, page)
    v = {"name": name, "key": key, "type": TYPES[r.kind], "status": r.status,
         "nsteps": r.nsteps, "spoken": r.spoken, "nonce": f"{r.nonce:08x}",
         "epoch": r.epoch.hex(), "stamp": str(r.boottime),
         "request_stamp": str(r.request_stamp)}
    if r.pending_page:
        v["pending"] = {"nonce": f"{r.pending_nonce:08x}", "fires_ms": r.fires_ms,
                        "next": [list(step) for step in r.next]}
    else:
        v["outcome"] = {"wall_ms": r.wall_ms, "mask": r.mask, "reasons": r.reasons,
                        "fires_s": r.fires_s, "bits": r.bits}
    v["datagram"] = data.hex()
    return v


def replies():
    steps = parse_steps("s +2s u +2s b")
    ran = {"nsteps": 3, "fires_s": 0}
    yield reply("a bare probe is answered", PROBE, 0, request_stamp=REAL)
    yield reply("page of the pending program", PROBE, 0, page=1, pending_page=True,
                pending_nonce=0xcafe0001, fires_ms=1999, next=steps)
    yield reply("page of the pending program, one step left", PROBE, 0, page=1,
                pending_page=True, pending_nonce=0xcafe0001, fires_ms=0, next=steps[2:])
    yield reply("page of the pending program, none", PROBE, 0, page=1, pending_page=True)
    yield reply("a page asked for in vain: the other body", PROBE, 2, page=1, mask=0)
    yield reply("a dry run", PROBE, 0, nsteps=3, reasons=[0, 0, 0])
    yield reply("a program is accepted", RUN, 0, **ran)
    yield reply("seen before", RUN, 0, bits=1, **ran)
    yield reply("seen before, in the other mode", RUN, 0, bits=1, request_stamp=REAL - 1, **ran)
    yield reply("a pending program is replaced", RUN, 0, bits=2, nsteps=3, fires_s=1280)
    yield reply("no wall-clock mode", PROBE, 0, bits=4)
    yield reply("a cancel is carried out", CANCEL, 0)
    for status in range(1, len(STATUSES)):
        kind = CANCEL if STATUSES[status] == "nothing" else RUN
        stale = STATUSES[status] == "stale"
        reasons = [2, 0, 1] if STATUSES[status] == "refused" else []
        yield reply(f"status {STATUSES[status]}", kind, status, mask=0 if stale else 0x1b6,
                    nsteps=0 if kind == CANCEL else 3, reasons=reasons)
    yield reply("all reasons in 11 steps", RUN, 3, nsteps=11,
                reasons=[1, 2, 3, 0, 3, 2, 1, 0, 2, 1, 3])
    yield reply("highest values", RUN, 9, key="ones", nonce=2**32 - 1, epoch=b"\xff" * 8,
                boottime=2**63 - 1, request_stamp=2**63 - 1, wall_ms=2**48 - 1, mask=0xffff,
                nsteps=11, reasons=[3] * 11, fires_s=FIRES_NONE - 1, bits=7, spoken=255)
    yield reply("lowest values", CANCEL, 0, key="zeroes", nonce=0, epoch=bytes(7) + b"\1",
                boottime=0, request_stamp=-2**63, wall_ms=0, mask=0, fires_s=0)


def bad_replies():
    """Not to be believed by who asked with the request beside it."""
    key = Key(KEYS["web1"])
    asked = Request(RUN, nonce=0x5a17c0de, epoch=EPOCH, stamp=BOOT, steps=parse_steps("s"))
    fields = {"kind": RUN, "status": 0, "nonce": asked.nonce, "epoch": EPOCH,
              "boottime": BOOT + 1, "request_stamp": BOOT, "nsteps": 1, "mask": 1}
    good = Reply(**fields)
    data = good.seal(key)

    def bad(name, fails, forged):
        return {"name": name, "key": "web1", "request": asked.seal(key).hex(), "fails": fails,
                "datagram": forged.hex()}

    yield bad("one byte short", "length", data[:-1])
    yield bad("another magic", "magic", b"s" + data[1:])
    yield bad("another version", "version", patch(data, 3, b"\2"))
    yield bad("reply to another type", "type", Reply(**{**fields, "kind": CANCEL}).seal(key))
    yield bad("the request itself, come back", "type", asked.seal(key))
    yield bad("another key id", "key_id", patch(data, 8, bytes(4)))
    yield bad("sealed as a request", "admission", key.seal(data[:54]))
    yield bad("sealed with another key", "admission", Key(KEYS["ones"]).seal(data[:54], True))
    yield bad("status changed", "admission", patch(data, 5, b"\3"))
    yield bad("status changed, admission tag made anew", "mac",
              key.reseal_admission(patch(data, 5, b"\3"), reply=True))
    yield bad("another nonce", "nonce", Reply(**{**fields, "nonce": 1}).seal(key))
    yield bad("another stamp", "stamp", Reply(**{**fields, "request_stamp": BOOT - 1}).seal(key))


def vectors():
    sip = bytes(range(16))
    lengths = [0, 1, 100, 101, 12600, 12601, 12700, 12701, 19999, 20000, 20001, 30000, 1279999,
               1280000, 1280001, 2**32 - 1]
    return {
        "protocol": 1,
        "keys": list(key_vectors()),
        "passphrases": list(passphrase_vectors()),
        "siphash": {"key": sip.hex(),
                    "tags": [siphash24(sip, bytes(range(n))).hex() for n in range(64)]},
        "waits": [wait_ms(code) for code in range(256)],
        "wait_codes": [{"ms": ms, "code": wait_code(ms)} for ms in lengths],
        "reasons": [{"reasons": r, "bytes": pack_reasons(r).hex()} for r in (
            [0] * 11, [1] + [0] * 10, [0] * 10 + [3], [1, 2, 3] + [0] * 8, [3] * 11,
            [1, 2, 3, 0, 3, 2, 1, 0, 2, 1, 3])],
        "requests": list(good_requests()),
        "malformed": list(meaningless_requests()),
        "forged": list(forged_requests()),
        "replies": list(replies()),
        "unbelievable": list(bad_replies()),
    }


def text():
    """One item a line, so that a change shows in a diff."""
    parts = []
    for name, value in vectors().items():
        if isinstance(value, list) and isinstance(value[0], dict):
            lines = ",\n".join("  " + json.dumps(item) for item in value)
            parts.append(f'"{name}": [\n{lines}\n]')
        else:
            parts.append(f'"{name}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main():
    new = text()
    if sys.argv[1:] == ["--check"]:
        with open(PATH, encoding="ascii", newline="") as file:
            same = file.read() == new
        print("1..1")
        print("ok" if same else "not ok", "1 - vectors.json is what generate.py makes")
        return 0 if same else 1
    with open(PATH, "w", encoding="ascii", newline="") as file:
        file.write(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
