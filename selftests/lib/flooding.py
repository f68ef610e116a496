# SPDX-License-Identifier: GPL-2.0-only
"""Attackers without the key, in a namespace of their own: hostile-send (selftests/hostile.d/send.c)."""
import json
import os
import secrets
import socket
import subprocess
import tempfile
import time

import srq
from netns import inside

SEND = "/usr/lib/nft-sysrq-tests/hostile-send"
SLOT = 86  # the byte that says which slot a datagram is answered by
SLOTS = 64


def write_records(datagrams):
    """A file of recorded datagrams, as hostile-send reads it."""
    fd, path = tempfile.mkstemp(suffix=".records")
    with os.fdopen(fd, "wb") as file:
        file.write(b"".join(datagrams))
    return path


class Flood:
    """One sender at full speed while this is entered; .told is what it says at its end."""

    def __init__(self, address, kind, records=None, count=10 ** 9, seconds=600, namespace=None, cpu=None):
        self.file = write_records(records) if records else None
        self.argv = ["ip", "netns", "exec", namespace] if namespace else []
        self.argv += ["taskset", "-c", str(cpu)] if cpu is not None else []
        self.argv += [SEND, address, kind, str(count), str(seconds)] + ([self.file] if records else [])
        self.process = self.told = None

    def __enter__(self):
        self.process = subprocess.Popen(self.argv, stdout=subprocess.PIPE, text=True)
        time.sleep(0.3)
        return self

    def __exit__(self, *_):
        # Its socket stays open for what comes back: it ends itself, with what it has to tell.
        self.process.terminate()
        self.wait()

    def wait(self):
        """Until it has sent all; {"sent": ..., "stale": ..., ...}"""
        if not self.told:
            out = self.process.communicate()[0]
            self.told = json.loads(out) if out else {}
        if self.file and os.path.exists(self.file):
            os.unlink(self.file)
        return self.told


def send_all(address, kind, records=None, count=0, namespace=None, seconds=600):
    """That many, by default each of the recorded datagrams once; what the sender tells."""
    flood = Flood(address, kind, records, count or len(records), seconds, namespace)
    with flood:
        return flood.wait()


def stale_probes(key, slots):
    """Genuine probes from 1970, one for each entry of @slots, answered by that slot."""
    found = {}
    for slot in slots:
        found[slot] = found.get(slot, 0) + 1
    probes = []
    while any(found.values()):
        data = srq.Request(srq.PROBE, nonce=secrets.randbits(32), epoch=bytes(8), stamp=len(probes) + 1,
                           steps=[], wall=True).seal(key)
        slot = data[SLOT] % SLOTS
        if found.get(slot):
            found[slot] -= 1
            probes.append(data)
    return probes


class Recorder:
    """Requests that leave a namespace by its eth0, as who listens there can write them down.

    Or, not @outgoing: what comes in there, by IPv4.
    """

    ETH_P_ALL, OUTGOING, SO_RCVBUFFORCE = 3, 4, 33

    def __init__(self, namespace, outgoing=True):
        self.outgoing = outgoing
        with inside(namespace):
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(self.ETH_P_ALL))
            self.sock.bind(("eth0", self.ETH_P_ALL))
        self.sock.setsockopt(socket.SOL_SOCKET, self.SO_RCVBUFFORCE, 1 << 24)
        self.sock.setblocking(False)
        self.datagrams = []

    def read(self):
        """All that have been written down by now."""
        try:
            while True:
                packet, address = self.sock.recvfrom(65536)
                data = packet[-srq.DGRAM_LEN:]
                if not self.outgoing and address[2] != self.OUTGOING and packet[0] >> 4 == 4 and address[1] == 0x800:
                    self.datagrams.append(packet)
                elif self.outgoing and address[2] == self.OUTGOING and data[:4] == b"SRQ\x01" and \
                        data[4] in srq.TYPES:
                    self.datagrams.append(data)
        except BlockingIOError:
            return self.datagrams

    def packets(self):
        """How many since the last call."""
        number = len(self.read())
        self.datagrams.clear()
        return number
