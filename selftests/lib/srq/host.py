# SPDX-License-Identifier: GPL-2.0-only
"""A host's side of the protocol, as plainly as the document says it."""
import secrets
import time

from .keys import DGRAM_LEN
from .wire import (BUSY, B_NO_WALL, B_REPLACED, B_SEEN, CANCEL, EXPIRED, FIRES_NONE,
                   FIRES_NONE_MS, FULL, MALFORMED, MAX_STEPS, NOTHING, OK, OVERTAKEN,
                   PAGE_PENDING, PROBE, REFUSED, RUN, STALE, Reply, Request, wait_ms)

SECOND = 10 ** 9
TRY_NS = 20 * SECOND
LEAD_NS = 5 * SECOND
SLOTS, SLOT_NS, SLOT_TOLD, SEEN_NS = 64, SECOND, 6, SECOND // 10

MASKS = {0x002: "0123456789", 0x004: "kr", 0x008: "clmptwzR", 0x010: "s", 0x020: "u",
         0x040: "efij", 0x080: "bo", 0x100: "nSD"}
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
HANDLED = "0123456789bcdefhijklmnopqrstuvwz"


class Entry:
    """What is remembered of a request."""

    def __init__(self, request, boot):
        self.request, self.committed, self.answered = request, boot, boot
        self.latest = 0 if request.wall else request.stamp
        self.status, self.reasons, self.bits = OK, [], 0


class Program:
    """The pending program."""

    def __init__(self, request, order, boot):
        self.nonce, self.order, self.steps = request.nonce, order, request.steps
        due = boot
        self.due = []
        for _, wait in request.steps:
            self.due.append(due)
            due += wait_ms(wait) * 10 ** 6

    def left(self, boot):
        return [(due, step) for due, step in zip(self.due, self.steps) if due > boot]


class Host:
    """One key at one host. handle() takes a datagram and gives the answer's bytes.

    In .verdict is what became of the last datagram; in .ran what ran.
    """

    def __init__(self, key, identity="", tolerance=60.0, wall=True, mask=1,
                 allow=None, handled=HANDLED, window=64, boottime=None, wall_offset=0.0,
                 expired=False, age=10 ** 6):
        self.key, self.identity, self.expired = key, identity, expired
        self.tolerance = round(tolerance * SECOND)
        self.wall, self.mask, self.window = wall, mask, window
        self.allow = allow if allow is not None else "".join(
            c for c in LETTERS if c not in "gnx")
        self.handled = handled
        self.boot_offset = 0 if boottime is None else \
            round(boottime * SECOND) - time.monotonic_ns()
        self.wall_offset = round(wall_offset * SECOND)
        self.born = self.boot() - round(age * SECOND)
        self.ran = []
        self._new_epoch()

    def boot(self):
        return time.monotonic_ns() + self.boot_offset

    def real(self):
        return time.time_ns() + self.wall_offset

    def _new_epoch(self):
        self.epoch = secrets.token_bytes(8)
        self.seen, self.slots = {}, self.new_slots()
        self.marks = {False: 0, True: 0}
        self.pending = None
        self.cancelled = 0
        self.verdict = ""

    @staticmethod
    def new_slots():
        """When each last answered, and what, the last one first."""
        return [(-SLOT_NS, [])] * SLOTS

    def restart(self):
        """As after a reboot: nothing is remembered, the boot clock begins anew."""
        self.boot_offset = -time.monotonic_ns()
        self.born = self.boot()
        self._new_epoch()

    # ---- from bytes to an outcome, in the document's order

    def handle(self, data):
        """The answer, or None."""
        if len(data) != DGRAM_LEN or data[:4] != b"SRQ\x01":
            return self._none("not ours")
        request = Request.decode(data)
        if not PROBE <= request.kind <= CANCEL or request.spoken or \
           request.nsteps > MAX_STEPS:
            return self._none("header")
        if data[8:12] != self.key.id:
            return self._none("key unknown")
        if not self.key.admits(data):
            return self._none("admission")
        if not self.key.holds(data):
            return self._none("mac")
        return self._settle(request, data[86] % SLOTS, data[87:89])

    def _none(self, why):
        self.verdict = why

    def _settle(self, request, slot, mark):
        boot = self.boot()
        entry = self.seen.get(request.nonce)
        if entry:
            self.verdict = "seen"
            later = not request.wall and request.stamp > entry.latest
            if boot - entry.answered < SEEN_NS and not later:
                return self._none("seen, limited")
            entry.answered = boot
            if later:
                entry.latest = request.stamp
            return self.answer(request, entry.status, entry.reasons, entry.bits | B_SEEN,
                               entry.request.stamp)
        status = STALE if self._stale(request) else OK
        if not status and self._full(request):
            status = FULL
        if status:
            self.verdict = "stale" if status == STALE else "full"
            answered, told = self.slots[slot]
            if boot - answered < SLOT_NS or mark in told:
                return self._none(self.verdict + ", limited")
            self.slots[slot] = (boot, [mark, *told][:SLOT_TOLD])
            return self.answer(request, status)
        entry = self.seen[request.nonce] = Entry(request, boot)
        self._decide(request, entry)
        self.verdict = "accepted" if entry.status == OK else "refused"
        return self.answer(request, entry.status, entry.reasons, entry.bits)

    def _stale(self, request):
        clock, lead = self.boot(), LEAD_NS
        if request.wall:
            clock, lead = self.real(), self.tolerance
            bare = request.kind == PROBE and request.epoch == bytes(8)
            floor = self.real() - self.boot() + self.born + self.tolerance
            if not self.wall or request.stamp <= floor or \
               not bare and request.epoch != self.key.host_tag(self.identity):
                return True
        elif request.epoch != self.epoch:
            return True
        return (request.stamp > clock + lead or request.stamp <= clock - self.tolerance or
                request.stamp <= self.marks[request.wall])

    def _full(self, request):
        boot, since = self.boot(), self.real() - self.boot()
        for nonce, entry in list(self.seen.items()):
            end = entry.committed + TRY_NS + LEAD_NS + self.tolerance
            if boot > end + self.tolerance:
                self.marks = {False: max(self.marks[False], end),
                              True: max(self.marks[True], since + end)}
                del self.seen[nonce]
        probes = sum(entry.request.kind == PROBE for entry in self.seen.values())
        return (len(self.seen) >= self.window or
                request.kind == PROBE and probes >= self.window // 2)

    def _reason(self, letter):
        if not letter:
            return 0
        if chr(letter) not in self.allow:
            return 2
        if chr(letter) not in self.handled:
            return 3
        allowed = any(self.mask & bit and chr(letter) in letters
                      for bit, letters in MASKS.items())
        return 0 if self.mask == 1 or self.mask and letter == ord("h") or allowed else 1

    def _decide(self, request, entry):
        entry.bits = 0 if self.wall else B_NO_WALL
        if not request.meaningful():
            entry.status = MALFORMED
            return
        if self.expired:
            entry.status = EXPIRED
            return
        entry.reasons = [self._reason(letter) for letter, _ in request.steps]
        if any(entry.reasons):
            entry.status = REFUSED
            return
        order = request.stamp
        if request.wall:
            order -= self.real() - self.boot()
        if request.kind == RUN:
            self._run(request, entry, order)
        elif request.kind == CANCEL:
            self._cancel(entry, order)

    def current(self):
        """The pending program, if one is."""
        if self.pending and not self.pending.left(self.boot()):
            self.pending = None
        return self.pending

    def _run(self, request, entry, order):
        waits = any(wait for _, wait in request.steps[:-1])
        pending = self.current() if waits else None
        if self.cancelled > order or pending and pending.order > order:
            entry.status = OVERTAKEN
            return
        if pending:
            entry.bits |= B_REPLACED
        if waits:
            self.pending = Program(request, order, self.boot())
        self.ran.append((request.nonce, request.steps))

    def _cancel(self, entry, order):
        pending = self.current()
        if pending and pending.order > order:
            entry.status = OVERTAKEN
            return
        entry.status = OK if pending else NOTHING
        self.pending = None
        self.cancelled = max(self.cancelled, order)

    # ---- answers

    def answer(self, request, status, reasons=(), bits=0, stamp=None, key=None):
        boot = self.boot()
        reply = Reply(kind=request.kind, status=status, nonce=request.nonce,
                      epoch=self.epoch, boottime=boot, nsteps=request.nsteps,
                      request_stamp=request.stamp if stamp is None else stamp)
        pending = self.current()
        left = pending.left(boot) if pending else []
        if status == OK and request.kind == PROBE and not request.nsteps and \
           request.page == PAGE_PENDING:
            reply.pending_page = True
            reply.pending_nonce = pending.nonce if left else 0
            reply.fires_ms = -((boot - left[0][0]) // 10 ** 6) if left else FIRES_NONE_MS
            reply.next = [step for _, step in left[:3]]
        else:
            reply.wall_ms = max(0, self.real() // 10 ** 6)
            if status != STALE:
                reply.mask, reply.bits, reply.reasons = self.mask, bits, list(reasons)
                if left:
                    reply.fires_s = min(-((boot - left[0][0]) // SECOND), FIRES_NONE - 1)
        return reply.seal(key or self.key)
