#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What is told to those who listen, and traced."""
import os
import re
import socket
import subprocess
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import nl  # noqa: E402
import srq  # noqa: E402
from host import (E_ADDRESS, E_BITS, E_CHANGE, E_KEY, E_KEY_ID, E_LOST, E_NONCE, E_PORT,  # noqa: E402
                  E_REALTIME, E_REASONS, E_STAT, E_STATUS, E_STEPS, E_TYPE, KEY_NTF, KEY_SET,
                  PROGRAM_CANCEL, PROGRAM_NTF, REQUEST_NTF, STATS, STEP_NTF, Host, done, ok, same,
                  sh, write)

NEW, SETTINGS, REPLACED, GONE = 1, 2, 3, 4
TRACE = "/sys/kernel/tracing"
write("/proc/sys/kernel/sysrq", 1)


def number(data):
    return int.from_bytes(data, sys.byteorder)


class Ear(nl.Genl):
    def __init__(self):
        super().__init__("nft_sysrq")
        self.join("events")

    def all(self, quiet=0.5):
        """Everything until nothing has come for a while."""
        got = []
        while event := self.event(quiet):
            got.append(event)
        return got

    def quiet(self, what):
        got = self.all(0.3)
        return ok(not got, what, got)


def changes(events):
    return [(nl.text(e[E_KEY]), number(e[E_CHANGE])) for cmd, e in events if cmd == KEY_NTF]


def requests(events):
    return [(STATS[number(e[E_STAT]) - 1], e[E_STATUS][0], e[E_TYPE][0], e[E_STEPS])
            for cmd, e in events if cmd == REQUEST_NTF]


def letters(data):
    return "".join(chr(x) for x in data[::2])


def with_host(host, ear):
    same(changes(ear.all()), [("ops", NEW)], "a new key")
    client = host.client()
    client.probe()
    got = ear.all()
    ok(requests(got) and requests(got)[-1][1:3] == (client.reply.status, srq.PROBE), "a probe", got)

    before = time.time_ns()
    client.run("h")
    got = ear.all()
    first = dict(got)[REQUEST_NTF]
    same(requests(got), [("run", 0, srq.RUN, b"h\0")], "a run")
    same((nl.text(first[E_KEY]), number(first[E_KEY_ID]), number(first[E_NONCE])),
         ("ops", int.from_bytes(host.key.id, "big"), client.request.nonce), "by which key, and its nonce")
    same((first[E_ADDRESS], number(first[E_PORT])),
         (socket.inet_aton("127.0.0.1"), client.socket.getsockname()[1]), "from where")
    ok(0 <= number(first[E_REALTIME]) - before < 10 * 10 ** 9, "when")
    step = dict(got)[STEP_NTF]
    same((step[E_STEPS], number(step[E_NONCE]), nl.text(step[E_KEY])),
         (b"h\0", client.request.nonce, "ops"), "its step")

    client.again()
    got = ear.all()
    same([r[:2] for r in requests(got)], [("seen", 0)], "a duplicate is seen")
    same(dict(got)[REQUEST_NTF][E_BITS], b"\x01", "and answered so")
    client.run("hA")
    got = ear.all()
    same([r[:2] for r in requests(got)], [("refused-unknown", 3)], "a refusal")
    same(number(dict(got)[REQUEST_NTF][E_REASONS]), 3 << 2, "with its reasons")
    ok(STEP_NTF not in dict(got), "and no step of it")

    with host.client("::1") as six:
        six.probe()
        same([e[E_ADDRESS] for cmd, e in ear.all() if cmd == REQUEST_NTF][-1],
             socket.inet_pton(socket.AF_INET6, "::1"), "over IPv6")
    with srq.EchoClient("127.0.0.1", host.key, tries=4) as echo:
        echo.probe()
        got = ear.all()
        ok(got and all(E_PORT not in e for _, e in got), "a ping has no port", got)

    # A program, step by step; programs that end before their time.
    client.run("5 +0.2s 6 +0.2s 7")
    same([(cmd, letters(e[E_STEPS])) for cmd, e in ear.all() if cmd != REQUEST_NTF],
         [(STEP_NTF, "567"), (STEP_NTF, "67"), (STEP_NTF, "7")], "a program tells its steps")
    for what, end in (("cancelled", client.cancel), ("replaced", lambda: client.run("6 +20s 6")),
                      ("aborted here", lambda: host.genl.call(PROGRAM_CANCEL)),
                      ("forbidden", lambda: host.set_key("ops", letters="h5"))):
        client.run("5 +20s 6")
        ear.all()
        end()
        got = [(cmd, letters(e[E_STEPS])) for cmd, e in ear.all() if cmd == PROGRAM_NTF]
        same(got, [(PROGRAM_NTF, "6")], f"a program is {what}")
        host.set_key("ops", letters="h5678")
        client.cancel()
        ear.all()

    # Keys.
    host.set_key("ops", letters="h56")
    same(changes(ear.all()), [("ops", SETTINGS)], "other settings")
    host.new_key("ops", None, KEY_SET, overlap=1)
    same(changes(ear.all(2)), [("ops", NEW), ("ops", REPLACED), ("ops", GONE)],
         "replaced, and wiped when its time is over")
    host.del_key("ops")
    same(changes(ear.all()), [("ops", GONE)], "deleted")

    # Nothing of what is not genuine.
    stranger = host.client(key=srq.Key(os.urandom(32)), tries=1)
    stranger.probe(timeout=0.2)
    client.socket.send(b"x" * 94)
    ear.quiet("nothing is told of what has no key")


def overflow(host, ear):
    """More events than have room: the ones that are told say how many are not."""
    host.new_key("many", window=4096)
    ear.all()
    ear.sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)  # SO_RCVBUFFORCE
    script = ("import sys; sys.path.insert(0, '/src/selftests/lib'); import nl; g = nl.Genl('nft_sysrq')\n"
              "for i in range(3000): g.call(2, nl.attr(1, 'many'), nl.u32(5, 3000 + i))")
    subprocess.run(["python3", "-c", script], check=True)
    time.sleep(1)
    host.set_key("many", tolerance=3000)  # whatever was lost, this tells of it
    got = ear.all(2)
    lost = sum(number(e[E_LOST]) for _, e in got if E_LOST in e)
    same(len(got) + lost, 3001, f"{len(got)} told and {lost} lost are all there were")


def burst(host, ear):
    """More at once than have room, while the work that tells cannot run: the next event says so."""
    for key in ("early", "late"):
        host.new_key(key)
    ear.all()
    script = ("import os, sys; sys.path.insert(0, '/src/selftests/lib'); import nl; g = nl.Genl('nft_sysrq')\n"
              "os.sched_setaffinity(0, {0}); os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))\n"
              "body = b'\\2\\1\\0\\0' + nl.attr(1, 'early') + nl.u32(5, 3000)\n"
              "g.sock.send(b''.join(g.message(g.family, 1, body) for i in range(300)))")
    subprocess.run(["python3", "-c", script], check=True)
    time.sleep(0.5)
    host.set_key("late", tolerance=3000)
    got = [(nl.text(e[E_KEY]), number(e[E_LOST]) if E_LOST in e else 0) for _, e in ear.all()]
    same(got, [("early", 0)] * 256 + [("late", 44)], "what was lost is told with what came after it")


def trace(host):
    key = host.new_key("traced")
    sh(f"mount -t tracefs none {TRACE} 2>/dev/null", check=False)
    write(f"{TRACE}/events/nft_sysrq/enable", 1)
    write(f"{TRACE}/trace", "")
    client = host.client(key=key)
    client.probe()
    client.run("h")
    client.socket.send(b"short")
    client.socket.send(b"x" * 94)
    time.sleep(0.5)
    lines = sh(f"cat {TRACE}/trace")
    write(f"{TRACE}/events/nft_sysrq/enable", 0)
    nonce = f"nonce={client.request.nonce:08x}"
    for what, pattern in (("a run", f"nft_sysrq_verdict: run from=::ffff:127.0.0.1 proto=17 type=2 "
                           f"key_id={int.from_bytes(key.id, 'big'):08x} {nonce}"),
                          ("a letter", "nft_sysrq_step: h by="),
                          ("a wrong length", "nft_sysrq_verdict: length from=::"),
                          ("not our magic", "nft_sysrq_verdict: magic from=::ffff:127.0.0.1")):
        ok(pattern in lines, f"traced: {what}", lines)
    form = sh(f"cat {TRACE}/events/nft_sysrq/nft_sysrq_verdict/format")
    same(set(re.findall(r'\{ (\d+), "([a-z-]+)" \}', form)),
         {("0", "none")} | {(str(i), name) for i, name in enumerate(STATS[:-3], 1)},
         "traced: verdicts, by the names of the counters")


ear = Ear()
with Host() as host:
    with_host(host, ear)
    overflow(host, ear)
    burst(host, ear)
    trace(host)
out = sh("setpriv --reuid 65534 --clear-groups python3 -c \"import sys; "
         "sys.path.insert(0, '/src/selftests/lib'); import nl; nl.Genl('nft_sysrq').join('events')\" 2>&1",
         check=False)
ok("PermissionError" in out, "who is not privileged may not listen", out)
ear.sock.close()
write("/proc/sys/kernel/sysrq", 438)
done()
