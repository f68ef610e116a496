# SPDX-License-Identifier: GPL-2.0-only
"""A UDP server that answers as a host does, or misbehaves by a script.

Script: words; each datagram of the right length takes one. A word may be
repeated (drop*3) or stay for good (drop*). With "probe/", "run/" or "cancel/"
before it, it waits for the next datagram of that type; the others are taken by
any. When no word is left, the answer is as a host's.

  ok          as a host does
  drop        nothing arrives
  mute        as a host does, but the answer is lost
  twice       the answer comes twice
  late:S      the answer comes S seconds late
  forged      the answer is sealed with another key
  nonce       the answer is for another nonce
  stamp       the answer is for another stamp
  taken       somebody else had the nonce: seen, with another stamp
  flip, short, garbage    the answer is broken
  seen        as a host does that has the request a second time
  stale, malformed, expired, full, overtaken, busy, others, nothing
              that status, whatever was asked; nothing runs
  refused[:REASON]    likewise; REASON (key, sysrq, unknown) for every step
  restart     the host has just restarted; then as a host does
  clock:S     the host's wall clock steps by S seconds; then as a host does
  after:S     the host hangs for S seconds; then as a host does
"""
import json
import re
import secrets
import socket
import sys
import time

from .hostile import flip
from .keys import DGRAM_LEN, Key
from .wire import (B_SEEN, REASONS, STATUSES, TYPES, Request, format_steps, open_reply)


class Script:
    """Words of a script, in queues by type of datagram."""

    def __init__(self, text):
        self.queues = {}
        for word in text.replace(",", " ").split():
            match = re.fullmatch(r"(?:(probe|run|cancel)/)?([a-z]+)(?::([-+.\w]+))?(\*(\d*))?",
                                 word)
            if not match or not hasattr(FakeHost, "do_" + match[2]) and \
               match[2] not in STATUSES:
                raise ValueError(f"script: {word}?")
            times = 1 if match[4] is None else int(match[5] or -1)
            self.queues.setdefault(match[1], []).append([match[2], match[3], times])

    def next(self, kind):
        for queue in (self.queues.get(TYPES.get(kind)), self.queues.get(None)):
            if queue:
                queue[0][2] -= 1
                word = queue[0]
                if not word[2]:
                    queue.pop(0)
                return word[0], word[1]
        return "ok", None


class FakeHost:
    """A Host behind a socket, with a script."""

    def __init__(self, host, script="", address="127.0.0.1", port=0, log=None):
        self.host, self.script, self.log = host, Script(script), log
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.port = self.socket.getsockname()[1]

    def serve(self, count=None, seconds=None):
        """Until so many datagrams came, or so much time is over, or for ever."""
        end = None if seconds is None else time.monotonic() + seconds
        while count is None or count > 0:
            if end is not None:
                self.socket.settimeout(max(0.001, end - time.monotonic()))
            try:
                data, sender = self.socket.recvfrom(65536)
            except TimeoutError:
                return
            self.one(data, sender)
            count = count - 1 if count is not None else None

    def one(self, data, sender):
        """One datagram."""
        ours = len(data) == DGRAM_LEN
        request = Request.decode(data) if ours else None
        action, argument = self.script.next(request.kind) if ours else ("ok", None)
        self.host.verdict = action
        answers = self.act(action, argument, data, request) or []
        if self.log:
            self.log(self.entry(data, request, sender, action, answers))
        for answer in answers:
            self.socket.sendto(answer, sender)

    def act(self, action, argument, data, request):
        if action in STATUSES[1:]:
            if not (self.host.key.admits(data) and self.host.key.holds(data)):
                return None
            reasons = []
            if action == "refused":
                reasons = [REASONS.index(argument or "key")] * request.nsteps
            return [self.host.answer(request, STATUSES.index(action), reasons)]
        answer = getattr(self, "do_" + action)(argument, data, request)
        return answer if isinstance(answer, list) or not answer else [answer]

    def do_ok(self, _, data, __):
        return self.host.handle(data)

    def do_drop(self, *_):
        return None

    def do_mute(self, _, data, __):
        self.host.handle(data)

    def do_twice(self, _, data, __):
        answer = self.host.handle(data)
        return answer and [answer, answer]

    def do_late(self, argument, data, _):
        answer = self.host.handle(data)
        time.sleep(float(argument))
        return answer

    def do_after(self, argument, data, _):
        time.sleep(float(argument))
        return self.host.handle(data)

    def _reseal(self, data, key=None, **changes):
        answer = self.host.handle(data)
        if not answer:
            return None
        reply = open_reply(answer, data[32])
        for name, value in changes.items():
            setattr(reply, name, value)
        return reply.seal(key or self.host.key)

    def do_forged(self, _, data, request):
        forger = Key(secrets.token_bytes(32))
        forger.id = self.host.key.id
        return self.host.answer(request, 0, key=forger)

    def do_nonce(self, _, data, request):
        return self._reseal(data, nonce=request.nonce ^ 1)

    def do_stamp(self, _, data, request):
        return self._reseal(data, request_stamp=request.stamp + 1)

    def do_taken(self, _, __, request):
        return self.host.answer(request, 0, bits=B_SEEN, stamp=request.stamp - 12345)

    def do_flip(self, _, data, __):
        answer = self.host.handle(data)
        return answer and flip(answer, secrets.randbelow(8 * len(answer)))

    def do_short(self, _, data, __):
        answer = self.host.handle(data)
        return answer and answer[:-1]

    def do_garbage(self, *_):
        return secrets.token_bytes(DGRAM_LEN)

    def do_seen(self, _, data, request):
        first = self.host.handle(data)
        entry = self.host.seen.get(request.nonce)
        if not entry:
            return first
        return self.host.answer(request, entry.status, entry.reasons, entry.bits | B_SEEN,
                                entry.request.stamp)

    def do_restart(self, _, data, __):
        self.host.restart()
        return self.host.handle(data)

    def do_clock(self, argument, data, _):
        self.host.wall_offset += round(float(argument) * 10 ** 9)
        return self.host.handle(data)

    def entry(self, data, request, sender, action, answers):
        """A line of the log, for JSON."""
        line = {"from": f"{sender[0]} {sender[1]}", "length": len(data), "script": action,
                "verdict": self.host.verdict, "answers": len(answers)}
        if request:
            line.update(type=TYPES.get(request.kind, request.kind), wall=request.wall,
                        nonce=f"{request.nonce:08x}", epoch=request.epoch.hex(),
                        stamp=request.stamp, steps=format_steps(request.steps),
                        genuine=self.host.key.admits(data) and self.host.key.holds(data))
        if answers and len(answers[0]) == DGRAM_LEN:
            status = answers[0][5]
            line["status"] = STATUSES[status] if status < len(STATUSES) else status
        return line


def print_line(entry):
    print(json.dumps(entry), flush=True)
    sys.stdout.flush()
