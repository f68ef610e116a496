# SPDX-License-Identifier: GPL-2.0-only
"""The datagram: 94 bytes to and from what they mean."""
import re
from dataclasses import dataclass, field

from .keys import DGRAM_LEN, MAC_OFFSET

PROBE, RUN, CANCEL = 1, 2, 3
REPLY = 0x80
F_WALL = 0x01
VERSION = 1
MAX_STEPS = 11
BODY_LEN = 22
PAGE_STATUS, PAGE_PENDING = 0, 1
FIRES_NONE = 0xffff
FIRES_NONE_MS = 0xffffffff
B_SEEN, B_REPLACED, B_NO_WALL = 1, 2, 4

TYPES = {PROBE: "probe", RUN: "run", CANCEL: "cancel"}
STATUSES = ("ok", "malformed", "stale", "refused", "expired", "full", "overtaken", "busy",
            "others", "nothing")
REASONS = ("ok", "sysrq", "key", "unknown")
BITS = {B_SEEN: "seen", B_REPLACED: "replaced", B_NO_WALL: "no-wall"}
(OK, MALFORMED, STALE, REFUSED, EXPIRED, FULL, OVERTAKEN, BUSY, OTHERS,
 NOTHING) = range(len(STATUSES))


def wait_ms(code):
    """How long a wait code waits."""
    return code * 100 if code < 128 else (code - 127) * 10000


def wait_code(ms):
    """The shortest wait that is at least so long; the longest there is, if none is."""
    if ms <= 12700:
        return -(-ms // 100)
    return min(127 + -(-ms // 10000), 255)


def parse_steps(text):
    """"s +2s ub": letters, and waits (ms, s, m) behind the letter before them.

    A wait without a letter before it becomes a step that only waits.
    """
    steps = []
    for word in text.split():
        wait = re.fullmatch(r"\+(\d+(?:\.\d+)?)(ms|s|m)?", word)
        if not wait:
            steps += [(ord(letter), 0) for letter in word]
            continue
        ms = float(wait[1]) * {"ms": 1, "s": 1000, "m": 60000, None: 1000}[wait[2]]
        code = wait_code(round(ms))
        if steps and not steps[-1][1]:
            steps[-1] = (steps[-1][0], code)
        else:
            steps.append((0, code))
    return steps


def format_steps(steps):
    words = []
    for letter, wait in steps:
        if letter:
            words.append(chr(letter) if 0x20 < letter < 0x7f else f"\\x{letter:02x}")
        if wait:
            words.append(f"+{wait_ms(wait) / 1000:g}s")
    return " ".join(words)


def pack_reasons(reasons):
    value = sum(reason << 2 * i for i, reason in enumerate(reasons))
    return value.to_bytes(3, "big")


def unpack_reasons(data, count=MAX_STEPS):
    value = int.from_bytes(data, "big")
    return [value >> 2 * i & 3 for i in range(count)]


def _head(version, kind, flags, nsteps, spoken, key_id, nonce, epoch, stamp, body):
    head = (b"SRQ" + bytes([version, kind, flags, nsteps, spoken]) + key_id +
            nonce.to_bytes(4, "big") + epoch + stamp.to_bytes(8, "big", signed=True) + body)
    assert len(head) == MAC_OFFSET, len(head)
    return head


@dataclass
class Request:
    """What to ask; every field may be made wrong, for tests.

    steps: (letter, wait code) pairs; page: of a probe without steps; epoch: the
    host's epoch, or in wall-clock mode its tag; stamp: ns; nsteps and body, if
    given, override what follows from steps and page.
    """
    kind: int
    nonce: int = 0
    epoch: bytes = bytes(8)
    stamp: int = 0
    steps: list = field(default_factory=list)
    wall: bool = False
    page: int = 0
    flags: int = None
    nsteps: int = None
    body: bytes = None
    version: int = VERSION
    spoken: int = 0

    def head(self, key_id):
        body = self.body
        if body is None:
            body = b"".join(bytes(step) for step in self.steps)
            if self.kind == PROBE and not self.steps:
                body = bytes([self.page])
        return _head(self.version, self.kind,
                     self.flags if self.flags is not None else F_WALL * self.wall,
                     self.nsteps if self.nsteps is not None else len(self.steps),
                     self.spoken, key_id, self.nonce, self.epoch, self.stamp,
                     body.ljust(BODY_LEN, b"\0"))

    def seal(self, key):
        return key.seal(self.head(key.id))

    @classmethod
    def decode(cls, data):
        nsteps, body = data[6], data[32:54]
        return cls(kind=data[4], flags=data[5], nsteps=nsteps, spoken=data[7],
                   version=data[3], wall=bool(data[5] & F_WALL),
                   nonce=int.from_bytes(data[12:16], "big"), epoch=data[16:24],
                   stamp=int.from_bytes(data[24:32], "big", signed=True), body=body,
                   page=body[0], steps=[(body[2 * i], body[2 * i + 1])
                                        for i in range(min(nsteps, MAX_STEPS))])

    def meaningful(self):
        """May it be obeyed, or is it to be answered as malformed?"""
        if self.flags & ~F_WALL:
            return False
        if self.kind == RUN and not self.nsteps or self.kind == CANCEL and self.nsteps:
            return False
        if self.kind == PROBE and not self.nsteps:
            return self.page <= PAGE_PENDING and not any(self.body[1:])
        letters = (chr(letter) for letter, _ in self.steps if letter)
        return (all(c.isascii() and c.isalnum() for c in letters) and
                not any(self.body[2 * self.nsteps:]))


@dataclass
class Reply:
    """What a host answers. Of the two bodies one is filled in.

    outcome: request_stamp, wall_ms, mask, reasons, fires_s, bits;
    pending: request_stamp, pending_nonce, fires_ms, next.
    """
    kind: int
    status: int
    nonce: int
    epoch: bytes
    boottime: int
    request_stamp: int
    nsteps: int = 0
    spoken: int = VERSION
    version: int = VERSION
    key_id: bytes = bytes(4)
    pending_page: bool = False
    wall_ms: int = 0
    mask: int = 0
    reasons: list = field(default_factory=list)
    fires_s: int = FIRES_NONE
    bits: int = 0
    pending_nonce: int = 0
    fires_ms: int = FIRES_NONE_MS
    next: list = field(default_factory=list)

    @property
    def ok(self):
        return self.status == OK

    @property
    def status_name(self):
        return STATUSES[self.status] if self.status < len(STATUSES) else str(self.status)

    @property
    def seen(self):
        return bool(self.bits & B_SEEN)

    def body(self):
        stamp = self.request_stamp.to_bytes(8, "big", signed=True)
        if self.pending_page:
            steps = b"".join(bytes(step) for step in self.next[:3])
            return (stamp + self.pending_nonce.to_bytes(4, "big") +
                    self.fires_ms.to_bytes(4, "big") + steps.ljust(6, b"\0"))
        return (stamp + self.wall_ms.to_bytes(6, "big") + self.mask.to_bytes(2, "big") +
                pack_reasons(self.reasons) + self.fires_s.to_bytes(2, "big") +
                bytes([self.bits]))

    def seal(self, key):
        head = _head(self.version, self.kind | REPLY, self.status, self.nsteps, self.spoken,
                     key.id, self.nonce, self.epoch, self.boottime, self.body())
        return key.seal(head, reply=True)

    def as_dict(self):
        """For JSON: names instead of numbers, only what the body has."""
        d = {"type": TYPES.get(self.kind, self.kind), "status": self.status_name,
             "nonce": f"{self.nonce:08x}", "epoch": self.epoch.hex(),
             "boottime": self.boottime, "request_stamp": self.request_stamp,
             "spoken": self.spoken}
        if self.pending_page:
            none = self.fires_ms == FIRES_NONE_MS
            d.update(pending_nonce=f"{self.pending_nonce:08x}",
                     fires_ms=None if none else self.fires_ms,
                     next=format_steps(self.next))
        else:
            d.update(wall_ms=self.wall_ms, mask=self.mask,
                     reasons=[REASONS[r] for r in self.reasons],
                     fires_s=None if self.fires_s == FIRES_NONE else self.fires_s,
                     bits=[name for bit, name in BITS.items() if self.bits & bit])
        return d


def open_reply(data, page=PAGE_STATUS):
    """The fields of a reply of DGRAM_LEN bytes, believed or not.

    page: of the probe that it answers, which says how to read the body.
    """
    assert len(data) == DGRAM_LEN
    kind, status, nsteps = data[4] & ~REPLY, data[5], data[6]
    body = data[32:54]
    reply = Reply(kind=kind, status=status, nsteps=nsteps, spoken=data[7], version=data[3],
                  key_id=data[8:12], nonce=int.from_bytes(data[12:16], "big"),
                  epoch=data[16:24],
                  boottime=int.from_bytes(data[24:32], "big", signed=True),
                  request_stamp=int.from_bytes(body[:8], "big", signed=True))
    reply.pending_page = (kind == PROBE and status == OK and not nsteps and
                          page == PAGE_PENDING)
    if reply.pending_page:
        reply.pending_nonce = int.from_bytes(body[8:12], "big")
        reply.fires_ms = int.from_bytes(body[12:16], "big")
        steps = [(body[i], body[i + 1]) for i in (16, 18, 20)]
        while steps and steps[-1] == (0, 0):
            steps.pop()
        reply.next = steps
    else:
        reply.wall_ms = int.from_bytes(body[8:14], "big")
        reply.mask = int.from_bytes(body[14:16], "big")
        reply.reasons = unpack_reasons(body[16:19], min(nsteps, MAX_STEPS))
        reply.fires_s = int.from_bytes(body[19:21], "big")
        reply.bits = body[21]
    return reply
