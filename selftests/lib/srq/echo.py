# SPDX-License-Identifier: GPL-2.0-only
"""A client whose requests are the payload of pings, over a raw socket."""
import socket
import struct
import time

from .client import Client

REQUEST, REPLY, REQUEST6, REPLY6 = 8, 0, 128, 129


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def message(kind, data, ident=1, sequence=1, code=0):
    """An ICMP message; for ICMPv6 the kernel overwrites the checksum."""
    head = struct.pack(">BBHHH", kind, code, 0, ident, sequence)
    return head[:2] + struct.pack(">H", checksum(head + data)) + head[4:] + data


class EchoClient(Client):
    """As Client; .answers has (type, identifier, sequence) of all that came back."""

    def __init__(self, host, key, ident=0x5351, **more):
        super().__init__(host, key, **more)
        family = self.socket.family
        self.socket.close()
        self.six = family == socket.AF_INET6
        self.socket = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_ICMPV6 if self.six
                                    else socket.IPPROTO_ICMP)
        self.socket.connect((*self.address[:1], 0, *self.address[2:]))
        self.ident, self.sequence = ident, 0
        self.answers = []

    def send(self, data):
        self.sent = data
        self.sequence += 1
        self.socket.send(message(REQUEST6 if self.six else REQUEST, data, self.ident,
                                 self.sequence))

    def receive(self, timeout=None):
        """The payload of the next echo reply, or None."""
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(65536)
            except TimeoutError:
                return None
            if not self.six:
                data = data[(data[0] & 15) * 4:]
            kind, _, _, ident, sequence = struct.unpack(">BBHHH", data[:8])
            if kind != (REPLY6 if self.six else REPLY) or ident != self.ident:
                continue
            if not self.six and checksum(data):
                raise ValueError("an answer with a wrong checksum")
            self.answers.append((kind, ident, sequence))
            return data[8:]
        return None
