# SPDX-License-Identifier: GPL-2.0-only
"""What has run, told by the module's events: for each request by its nonce."""
import collections
import errno
import select
import socket
import sys
import threading

import nl
from host import E_LOST, E_NONCE, E_STAT, E_STEPS, REQUEST_NTF, STATS, STEP_NTF

SO_RCVBUFFORCE = 33


class Ear:
    """Events: the steps of each accepted run, the letters that have run, by nonce.

    .lost is not 0 if some were not told, as there was no room for them.
    """

    def __init__(self):
        self.genl = nl.Genl("nft_sysrq")
        self.genl.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 26)
        self.genl.join("events")
        self.runs, self.steps, self.lost = [], collections.defaultdict(str), 0

    def drain(self, wait=0, most=10 ** 6):
        while (most := most - 1) >= 0 and select.select([self.genl.sock], [], [], wait)[0]:
            try:
                cmd, event = self.genl.event()
            except OSError as why:
                if why.errno != errno.ENOBUFS:
                    raise
                self.lost += 1
                continue
            self.lost += E_LOST in event
            nonce = event.get(E_NONCE)
            if cmd == STEP_NTF:
                self.steps[nonce] += chr(event[E_STEPS][0])
            elif cmd == REQUEST_NTF and \
                    STATS[int.from_bytes(event[E_STAT], sys.byteorder) - 1] == "run":
                self.runs.append((nonce, event[E_STEPS][::2].decode()))


class Listening:
    """While this is entered, a thread takes events: in a flood there is no room for them to wait."""

    def __init__(self, ear):
        self.ear, self.over = ear, threading.Event()
        self.thread = threading.Thread(target=self.listen)

    def listen(self):
        while not self.over.is_set():
            self.ear.drain(0.1, 1000)

    def __enter__(self):
        self.thread.start()
        return self.ear

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
