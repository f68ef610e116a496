# SPDX-License-Identifier: GPL-2.0-only
"""Processes that let keys, rules, network namespaces and the module come and go, as fast as they can."""
import collections
import errno
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time

import faults
import lanes
import nl
import srq
from host import (KEY_DEL, KEY_GET, KEY_NEW, KEY_SET, MATERIAL, NAME, PROGRAM_CANCEL, STATS_GET, STATUS_GET,
                  key_settings, write)

# What may be said to a worker: the module or a key is gone, there already, or on its way.
EXPECTED = {errno.ENOENT, errno.EEXIST, errno.EAGAIN, errno.EBUSY, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSPC,
            errno.ENOBUFS, errno.EWOULDBLOCK, errno.EINTR, errno.EPERM}
NETLINK_NETFILTER_RULES = {"inet": (("in", 1, b""), ("early", 5, nl.attr(3, "lo"))), "ip": (("in", 1, b""),),
                           "ip6": (("in", 1, b""),), "netdev": (("early", 0, nl.attr(3, "lo")),)}


class Worker:
    """A process that does turn() until it is told to stop; what it did is counted, and told at the end."""

    def __init__(self, number, end):
        self.number, self.end = number, end
        self.done, self.stopped = collections.Counter(), False
        self.random = random.Random(number)
        self.genl = None

    def family(self):
        """The family, found anew where the module was loaded again."""
        if self.genl is None:
            self.genl = nl.Genl("nft_sysrq")
        return self.genl

    def attempt(self, what, action):
        """Count how it ends; what nobody expects ends the worker."""
        try:
            got = action()
            self.done[what] += 1
            return got
        except (nl.NlError, OSError) as why:
            number = why.errno
            self.done[f"{what}: {errno.errorcode.get(number, number)}"] += 1
            # Whoever is there now has another number.
            self.genl = None
            if number not in EXPECTED and not isinstance(why, TimeoutError):
                raise
        return None

    def begin(self):
        pass

    def finish(self):
        pass

    def run(self):
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "stopped", True))
        self.begin()
        while not self.stopped and time.monotonic() < self.end:
            self.turn()
        self.finish()
        return dict(self.done)


class Keys(Worker):
    """Sets, replaces, changes and deletes the keys that genuine requests are made with."""

    def turn(self):
        number = self.random.randrange(lanes.KEYS - 1)
        name, dice = nl.attr(NAME, f"torture{number}"), self.random.random()
        material = nl.attr(MATERIAL, lanes.material(number))
        usual = lanes.settings(number)
        if dice < 0.3:
            self.attempt("key new", lambda: self.family().call(KEY_NEW, name, material, *key_settings(**usual)))
        elif dice < 0.4:
            other = nl.attr(MATERIAL, lanes.material(f"{number} once more"))
            self.attempt("key replaced", lambda: self.family().call(
                KEY_SET, name, other, *key_settings(overlap=self.random.choice((0, 1, 2, 100)))))
        elif dice < 0.6:
            self.attempt("key set back", lambda: self.family().call(
                KEY_SET, name, material, *key_settings(overlap=self.random.choice((0, 1, 100)))))
        elif dice < 0.7:
            letters = self.random.choice(("", "5", lanes.DIGITS))
            self.attempt("key changed", lambda: self.family().call(
                KEY_SET, name, *key_settings(letters=letters, tolerance=self.random.choice((3000, 60000)))))
        elif dice < 0.75:
            window = self.random.choice((16, 64, 4096))
            self.attempt("key with another window", lambda: self.family().call(
                KEY_SET, name, material, *key_settings(window=window)))
        elif dice < 0.8:
            self.attempt("key deleted", lambda: self.family().call(KEY_DEL, name))
        time.sleep(0.05 * self.random.random())


class Readers(Worker):
    """Looks at all that there is to be seen, and listens to events."""

    def turn(self):
        for what, cmd, dump in (("list", KEY_GET, True), ("stats", STATS_GET, False), ("status", STATUS_GET, False),
                                ("cancel", PROGRAM_CANCEL, False)):
            if what != "cancel" or self.random.random() < 0.2:
                self.attempt(what, lambda cmd=cmd, dump=dump: self.family().call(cmd, dump=dump))
        self.attempt("events", self.listen)
        time.sleep(0.05)

    def listen(self):
        genl = nl.Genl("nft_sysrq")
        genl.sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)  # SO_RCVBUFFORCE
        genl.join("events")
        for _ in range(self.random.randrange(100)):
            if genl.event(0.02) is None:
                break
            self.done["event"] += 1
        genl.sock.close()


class Rules(Worker):
    """Adds and deletes the rules of a set of lanes, and others. While a gap is asked for, none of them is there."""

    def __init__(self, number, end, first, gap):
        super().__init__(number, end)
        self.first, self.gap, self.there = first, gap, False
        self.nft = None

    def begin(self):
        self.nft = nl.Nft()

    def lanes(self):
        try:
            lanes.add_rules(self.first)
            self.done["lanes' rules"] += 1
        except RuntimeError as why:
            self.done[f"lanes' rules: {str(why).splitlines()[0][-60:]}"] += 1

    def flush(self):
        lanes.nft(f"flush chain inet lanes in{self.first}", f"flush chain inet lanes early{self.first}",
                  f"flush chain netdev lanes early{self.first}")

    def others(self):
        """A table of its own, with rules at each hook, for a moment."""
        family = self.random.choice(list(NETLINK_NETFILTER_RULES))
        table = f"w{self.number}"
        for chain, hook, device in NETLINK_NETFILTER_RULES[family]:
            hooks = nl.nest(4, nl.be32(1, hook), nl.attr(2, struct.pack(">i", self.number)), device)
            self.nft.batch(family, (self.nft.NEWTABLE, nl.attr(1, table)),
                           (self.nft.NEWCHAIN, nl.attr(1, table) + nl.attr(3, chain) + hooks + nl.attr(7, "filter")))
            for data in (b"", nl.attr(1, "torture1"), nl.be32(2, 1)):
                self.nft.rule(family, table, chain, ("sysrq", data), ("counter", b""), ("sysrq", b""))
        self.nft.delete(family, table)

    def clear(self):
        self.flush()
        self.nft = nl.Nft()
        for family in NETLINK_NETFILTER_RULES:
            try:
                self.nft.delete(family, f"w{self.number}")
            except nl.NlError:
                pass

    def turn(self):
        if self.gap.is_set():
            self.clear()
            time.sleep(0.2)
            # The kernel loads the module for a rule itself: that is to happen, too.
            if self.random.random() < 0.8:
                return
        if self.random.random() < 0.3:
            self.lanes()
            time.sleep(self.random.random() * 3)
            self.flush()
        else:
            self.attempt("rules at all hooks", self.others)

    def finish(self):
        self.clear()


class Namespaces(Worker):
    """Network namespaces with a key, a rule, requests and a program that is pending when they end."""

    def turn(self):
        got = faults.child(self.one)
        self.done[got] += 1

    def one(self):
        # Not what all its brothers draw; and it ends itself, whatever it waits for.
        self.random.seed(os.urandom(8))
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.alarm(120)
        try:
            return self.life()
        except (nl.NlError, OSError) as why:
            return f"{type(why).__name__} {errno.errorcode.get(why.errno, why.errno)}"

    def life(self):
        faults.unshare_net()
        up = struct.pack("16sH14s", b"lo", 1, b"")
        with socket.socket() as sock:
            import fcntl
            fcntl.ioctl(sock, 0x8914, up)  # SIOCSIFFLAGS: IFF_UP
        genl, nft = nl.Genl("nft_sysrq"), nl.Nft()
        material = os.urandom(32)
        genl.call(KEY_NEW, nl.attr(NAME, "own"), nl.attr(MATERIAL, material), *key_settings(letters=lanes.DIGITS))
        nft.chain("inet", "own", "in", 1)
        nft.rule("inet", "own", "in", ("sysrq", b""))
        if self.random.random() < 0.3:
            return "ended early"
        client = srq.Client("127.0.0.1", srq.Key(material), tries=3, timeout=2)
        if not client.probe():
            return "no answer to a probe"
        reply = client.run("5")
        # It stays pending, if nobody else's is, and holds the module until its key is gone.
        client.run("4 +20s 3")
        return "answered" if reply and reply.status_name in ("ok", "busy") else f"answered {reply and reply.status_name}"


class Module(Worker):
    """Unloads and loads the module, when nothing holds it. Now and then it asks for a gap."""

    def __init__(self, number, end, gap):
        super().__init__(number, end)
        self.gap = gap

    def turn(self):
        self.gap.set()
        gone = False
        for _ in range(100):
            if self.stopped or time.monotonic() > self.end:
                break
            try:
                faults.unload("nft_sysrq")
                gone = True
                break
            except OSError as why:
                if why.errno not in EXPECTED:
                    raise
                time.sleep(0.1)
        self.done["unloaded" if gone else "held all the time"] += 1
        time.sleep(self.random.random())
        self.done[f"modprobe: {subprocess.run(['modprobe', 'nft_sysrq'], check=False).returncode}"] += 1
        self.gap.clear()
        for number in range(lanes.KEYS):
            self.attempt("key anew", lambda number=number: lanes.Keys().put(number))
        time.sleep(5 + 10 * self.random.random())

    def finish(self):
        self.gap.clear()
        subprocess.run(["modprobe", "nft_sysrq"], check=False)


class Sysctl(Worker):
    """kernel.sysrq changes, too, and which processor is there."""

    def turn(self):
        write("/proc/sys/kernel/sysrq", self.random.choice((0, 2, 2, 2)))
        path = "/sys/devices/system/cpu/cpu1/online"
        if self.random.random() < 0.1 and os.path.exists(path):
            for state in "01":
                self.attempt(f"processor {state}", lambda state=state: write(path, state))
        self.done["kernel.sysrq"] += 1
        time.sleep(1)

    def finish(self):
        write("/proc/sys/kernel/sysrq", lanes.MASK)


def start(worker):
    """Its process, which prints what it did on a line of its own: (pid, pipe)"""
    read, to = os.pipe()
    pid = os.fork()
    if pid:
        os.close(to)
        return pid, read
    status = 1
    try:
        os.close(read)
        done = worker.run()
        os.write(to, repr((type(worker).__name__, done)).encode())
        status = 0
    except BaseException:  # whatever it is, it is to be seen
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(status)
