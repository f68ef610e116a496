# SPDX-License-Identifier: GPL-2.0-only
"""A client as simple as tests need it: one datagram out, one reply in."""
import secrets
import socket
import time

from .keys import DGRAM_LEN
from .wire import (B_SEEN, CANCEL, PAGE_STATUS, PROBE, REPLY, RUN, VERSION, Request,
                   open_reply, parse_steps)


class Unbelievable(Exception):
    """A datagram that is no reply to what was asked."""


def believe(key, data, request, page=PAGE_STATUS, stamps=()):
    """The reply in @data to @request, or Unbelievable with the reason.

    stamps: of earlier encodings of the same request.
    """
    if len(data) != DGRAM_LEN:
        raise Unbelievable(f"{len(data)} bytes")
    if data[:3] != b"SRQ" or data[3] != VERSION:
        raise Unbelievable("magic or version")
    if data[4] != request.kind | REPLY:
        raise Unbelievable("type")
    if data[8:12] != key.id:
        raise Unbelievable("key id")
    if not key.admits(data, reply=True):
        raise Unbelievable("admission tag")
    if not key.holds(data, reply=True):
        raise Unbelievable("HMAC")
    reply = open_reply(data, page)
    if reply.nonce != request.nonce:
        raise Unbelievable("nonce")
    if reply.request_stamp != request.stamp and reply.request_stamp not in stamps:
        # Somebody had this nonce before: the reply is genuine, but not ours.
        if not reply.pending_page and reply.bits & B_SEEN:
            raise Unbelievable("nonce taken")
        raise Unbelievable("stamp")
    return reply


class Client:
    """Talks to one host with one key.

    Every method that sends has the last datagram in .sent and its request in
    .request, and the last believed reply in .reply; None means no reply came.
    What was disbelieved is in .unbelieved: (reason, bytes) pairs.
    """

    def __init__(self, host, key, port=9, timeout=2.0, source=None, identity=None, tries=1):
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        self.address = found[4]
        self.key = key
        self.timeout = timeout
        self.identity = identity
        self.tries = tries
        self.socket = socket.socket(found[0], socket.SOCK_DGRAM)
        if source:
            self.socket.bind(source)
        self.socket.connect(self.address)
        self.sent = self.request = self.reply = None
        self.unbelieved = []
        self.epoch = self.base = None
        self.stamps = {}  # of each nonce, all that were sent

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        """Bytes as they are."""
        self.sent = data
        self.socket.send(data)

    def receive(self, timeout=None):
        """The next datagram as it is, or None."""
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                return self.socket.recv(65536)
            except TimeoutError:
                return None
            except ConnectionRefusedError:
                # "Port unreachable": not from the rule, and anybody can send it.
                continue
        return None

    def exchange(self, request, data=None, timeout=None):
        """Send a request (or @data in its place) and wait for a reply to believe."""
        self.request = request
        self.reply = None
        stamps = self.stamps.setdefault(request.nonce, set())
        stamps.add(request.stamp)
        self.send(data if data is not None else request.seal(self.key))
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while (left := end - time.monotonic()) > 0:
            data = self.receive(left)
            if data is None:
                return None
            try:
                self.reply = believe(self.key, data, request, request.page, stamps)
            except Unbelievable as why:
                self.unbelieved.append((str(why), data))
                continue
            self.learn(self.reply)
            return self.reply
        return None

    def learn(self, reply):
        """The host's epoch and clock, for requests in epoch mode."""
        self.epoch = reply.epoch
        self.base = reply.boottime - time.monotonic_ns()

    def boottime(self):
        """The host's CLOCK_BOOTTIME by now, never ahead of it."""
        return self.base + time.monotonic_ns()

    def make(self, kind, steps=(), wall=False, nonce=None, epoch=None, stamp=None, **more):
        """A request; what is not given is as a good sender would have it."""
        if isinstance(steps, str):
            steps = parse_steps(steps)
        if not wall and (epoch is None or stamp is None) and self.epoch is None:
            if self.probe() is None:
                raise TimeoutError("no answer to the probe that was to tell the epoch")
        if epoch is None:
            epoch = self.epoch
            if wall:
                epoch = self.key.host_tag(self.identity) if self.identity else bytes(8)
        if stamp is None:
            stamp = time.time_ns() if wall else self.boottime()
        if nonce is None:
            nonce = secrets.randbits(32)
        return Request(kind, nonce=nonce, epoch=epoch, stamp=stamp, steps=list(steps),
                       wall=wall, **more)

    def probe(self, steps=(), wall=True, page=PAGE_STATUS, timeout=None, **fields):
        """Without steps: epoch and clocks, or a page. With steps: a dry run.

        A stale one is not answered if another one has just used its slot, so
        who must have an answer tries more than once, each with a new nonce.
        """
        reply = None
        for _ in range(self.tries):
            request = self.make(PROBE, steps, wall=wall, page=page, **fields)
            reply = self.exchange(request, timeout=timeout)
            if reply:
                break
        return reply

    def run(self, steps, timeout=None, **fields):
        """steps: "s +2s ub" or (letter, wait code) pairs; wall=True: wall-clock mode."""
        return self.exchange(self.make(RUN, steps, **fields), timeout=timeout)

    def cancel(self, timeout=None, **fields):
        return self.exchange(self.make(CANCEL, **fields), timeout=timeout)

    def pending(self, **fields):
        return self.probe(page=1, **fields)

    def again(self, data=None, timeout=None):
        """The last datagram, or @data, byte for byte once more."""
        return self.exchange(self.request, data=data or self.sent, timeout=timeout)
