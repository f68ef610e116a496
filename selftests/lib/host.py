# SPDX-License-Identifier: GPL-2.0-only
"""A host under test, for cases inside a guest: keys, rules, counters, log, TAP."""
import contextlib
import os
import re
import subprocess
import time

import nl
import srq
from tap import done, ok, same  # noqa: F401

# Once more than in the uapi header, in its order: a slip there is seen here.
STATS = (
    "transport fragment address length magic version header key-unknown key-other admission "
    "stale-limited seen-limited mac malformed stale-epoch stale-old stale-future stale-floor "
    "stale-wall seen full expired refused-key refused-sysrq refused-unknown overtaken others busy "
    "nothing probe run cancel reply-sent reply-failed steps").split()
REQUEST_NTF, STEP_NTF, PROGRAM_NTF, KEY_NTF = range(8, 12)
KEY_NEW, KEY_SET, KEY_DEL, KEY_GET, STATS_GET, STATUS_GET, PROGRAM_CANCEL = range(1, 8)
(NAME, MATERIAL, IDENTITY, LETTERS, TOLERANCE, WALL, EXPIRES, WINDOW, KEY_ID, AGE, LAST_USE,
 ACCEPTED, REFUSED, EPOCH, EXPIRED, USED) = range(1, 17)
OVERLAP = 18
# Attributes of events.
(E_KEY, E_KEY_ID, E_REALTIME, E_LOST, E_ADDRESS, E_PORT, E_TYPE, E_STAT, E_STATUS, E_BITS,
 E_REASONS, E_NONCE, E_STEPS, E_CHANGE) = range(1, 15)


def refused(call, errno, what, text=None):
    """The call raises NlError with that errno, and an extack text where one is wanted."""
    try:
        call()
    except nl.NlError as e:
        good = e.errno == errno and (text is None or text in (e.text or ""))
        return ok(good, what, f"errno {e.errno}, text {e.text!r}")
    return ok(False, what, "not refused")


def at_rest(counters):
    """Those that do not move by themselves. What is not UDP comes at any time: a router advertises."""
    return {name: n for name, n in counters.items() if name != "transport"}


def sh(command, check=True):
    return subprocess.run(command, shell=True, check=check, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout


def write(path, value):
    with open(path, "w", encoding="ascii") as file:
        file.write(str(value))


@contextlib.contextmanager
def sysrq_for_all():
    """kernel.sysrq is 1; it, and the log level that 0 to 9 set, are as usual afterwards."""
    with open("/proc/sys/kernel/printk", encoding="ascii") as printk:
        loglevel = printk.read().strip()
    write("/proc/sys/kernel/sysrq", 1)
    try:
        yield
    finally:
        write("/proc/sys/kernel/printk", loglevel)
        write("/proc/sys/kernel/sysrq", 438)


class Log:
    """What the kernel says from now on."""

    def __init__(self):
        self.fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.fd, 0, os.SEEK_END)
        self.lines = []

    def read(self):
        while True:
            try:
                record = os.read(self.fd, 8192).decode(errors="replace")
            except BlockingIOError:
                return self.lines
            except BrokenPipeError:
                continue
            self.lines.append(record.split(";", 1)[1].split("\n")[0])

    def wait(self, pattern, seconds=5.0):
        """The first line from now on that matches, or None."""
        end = time.monotonic() + seconds
        while True:
            for line in self.read():
                if re.search(pattern, line):
                    return line
            if time.monotonic() > end:
                return None
            time.sleep(0.02)

    def count(self, pattern):
        return sum(bool(re.search(pattern, line)) for line in self.read())


class Host:
    """This guest: one key, one rule, with a counter behind it that tells matches."""

    def __init__(self, name="ops", family="inet", material=None, flags=0, rule_key=None,
                 **settings):
        self.genl = nl.Genl("nft_sysrq")
        self.nft = nl.Nft()
        self.family = family
        self.key = self.new_key(name, material, **settings)
        self.nft.chain(family, "srqtest", "in", 1)
        self.nft.batch(family, (18, nl.attr(1, "srqtest") + nl.attr(2, "hits") +
                                nl.be32(3, 1) + nl.attr(4, b"", nested=True)))
        data = nl.attr(1, rule_key) if rule_key else b""
        if flags:
            data += nl.be32(2, flags)
        self.nft.rule(family, "srqtest", "in", ("sysrq", data),
                      ("objref", nl.be32(1, 1) + nl.attr(2, "hits")))
        # No "port unreachable" for what the rule does not match.
        sh(f"nft add rule {family} srqtest in udp dport 9 drop")

    def close(self):
        self.nft.delete(self.family, "srqtest")
        for key in self.keys():
            self.genl.call(KEY_DEL, nl.attr(NAME, key))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def new_key(self, name, material=None, cmd=KEY_NEW, **settings):
        """settings as the attributes are called, in lower case; KEY_SET replaces."""
        material = material or os.urandom(32)
        self.genl.call(cmd, nl.attr(NAME, name), nl.attr(MATERIAL, material),
                       *key_settings(**settings))
        return srq.Key(material)

    def set_key(self, name, **settings):
        self.genl.call(KEY_SET, nl.attr(NAME, name), *key_settings(**settings))

    def del_key(self, name):
        self.genl.call(KEY_DEL, nl.attr(NAME, name))

    def keys(self):
        return {nl.text(k[NAME]): k for k in self.genl.call(KEY_GET, dump=True)}

    def stats(self):
        got = self.genl.call(STATS_GET)[0]
        return {name: int.from_bytes(got[i + 1], "little") for i, name in enumerate(STATS)}

    def status(self):
        return self.genl.call(STATUS_GET)[0]

    def hits(self):
        """How many packets the rule has matched."""
        found = re.search(r"packets (\d+)", sh(f"nft list counter {self.family} srqtest hits"))
        return int(found[1])

    def client(self, address="127.0.0.1", key=None, tries=4, **more):
        return srq.Client(address, key or self.key, tries=tries, **more)

    def counted(self, action, settle=0.0):
        """What @action adds to the counters, those of replies aside: {name: n}."""
        before = self.stats()
        action()
        time.sleep(settle)
        after = self.stats()
        # Our own replies meet the rule, too: on loopback both ends are this host.
        echoes = after["reply-sent"] - before["reply-sent"]
        diff = {name: after[name] - before[name] for name in STATS}
        diff["header"] -= echoes
        return {name: n for name, n in at_rest(diff).items() if n and name != "reply-sent"}


def key_settings(letters=None, tolerance=None, wall=None, expires=None, window=None,
                 identity=None, overlap=None):
    parts = []
    if overlap is not None:
        parts.append(nl.u32(OVERLAP, overlap))
    if letters is not None:
        parts.append(nl.attr(LETTERS, letters))
    if tolerance is not None:
        parts.append(nl.u32(TOLERANCE, tolerance))
    if wall is not None:
        parts.append(nl.u8(WALL, wall))
    if expires is not None:
        parts.append(nl.u64(EXPIRES, expires))
    if window is not None:
        parts.append(nl.u32(WINDOW, window))
    if identity is not None:
        parts.append(nl.attr(IDENTITY, identity))
    return parts
