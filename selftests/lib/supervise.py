# SPDX-License-Identifier: GPL-2.0-only
"""Runs QEMU for selftests/vm: relays output, counts boots, watches the log, ends it in time.

The guest's side of the conversation is lib/init. Exit statuses are those of vm --help.
"""

import argparse
import json
import os
import re
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

import kernel_log

TIMED_OUT, GUEST_FAILED, NOT_STARTED = 124, 125, 126
EARLY_DEATHS = 2  # a boot under TCG with several CPUs can die in the kernel's early code patching
BOOT_SECONDS = 60
BOOT_SECONDS_BUSY = 600  # as long as QEMU itself gets less than half of a processor


class End(Exception):
    """The run is over: exit status, and why if that is not COMMAND's own doing."""

    def __init__(self, status, why=None):
        super().__init__(why)
        self.status, self.why = status, why


def say(text):
    sys.stderr.write(f"vm: {text}\n")
    sys.stderr.flush()


class Relay:
    """One stream of COMMAND's output, up to the mark that the guest's init puts behind it."""

    def __init__(self, fd):
        self.fd, self.held, self.mark, self.done = fd, b"", b"", False

    def expect(self, mark):
        self.held, self.mark, self.done = b"", b"\0" + mark.encode(), False

    def take(self, data):
        data = self.held + data
        text, found, _ = data.partition(self.mark)
        keep = 0
        if found:
            self.done = True
        else:
            keep = next(n for n in range(len(self.mark) - 1, -1, -1) if text.endswith(self.mark[:n]))
        self.held = text[len(text) - keep :]
        self.write(text[: len(text) - keep])

    def write(self, data):
        while data:
            data = data[os.write(self.fd, data) :]


class Log:
    """The kernel log: a file that QEMU appends to, cut into boots."""

    def __init__(self, path):
        self.file = open(path, "w+b") if path else tempfile.TemporaryFile()
        self.unseen_from = 0

    def cut(self):
        """The lines since the last cut."""
        self.file.flush()
        data = os.pread(self.file.fileno(), 1 << 30, self.unseen_from)
        self.unseen_from += len(data)
        return data.decode(errors="replace").replace("\r", "").split("\n")


class Guest:
    def __init__(self, args):
        self.args = args
        self.missing = set(args.expect)
        self.log = Log(args.log)
        self.boot = 0  # how many boots reached init
        self.early_deaths = 0
        self.status = None  # COMMAND's, when it has ended in this boot
        self.relays = {"out": Relay(1), "err": Relay(2)}
        self.buffers = {"control": b"", "qmp": b""}
        self.sockets = {}
        self.qemu = None
        self.await_boot()

    def await_boot(self):
        self.up, self.status = False, None
        self.boot_began = time.monotonic()
        self.boot_deadline = self.boot_began + BOOT_SECONDS * self.args.slow
        self.boot_cpu = self.cpu_seconds()

    def cpu_seconds(self):
        """That QEMU has had so far."""
        if self.qemu is None:
            return 0.0
        with open(f"/proc/{self.qemu.pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def starves(self):
        """Does it not boot only as this machine is busy? Then it gets more time."""
        now = time.monotonic()
        if (now > self.boot_began + BOOT_SECONDS_BUSY * self.args.slow or
                self.cpu_seconds() - self.boot_cpu > BOOT_SECONDS * self.args.slow / 2):
            return False
        self.boot_deadline = now + BOOT_SECONDS / 2
        return True

    def start(self):
        theirs = {}
        command = list(self.args.qemu)
        for name in ("control", "out", "err", "qmp"):
            self.sockets[name], theirs[name] = socket.socketpair()
            command += ["-chardev", f"socket,id={name},fd={theirs[name].fileno()}"]
        command += ["-mon", "chardev=qmp,mode=control", "-device", "virtio-serial-pci"]
        for number, name in enumerate(("control", "out", "err"), 1):
            command += ["-device", f"virtserialport,nr={number},chardev={name},name={name}"]
        log = os.open(f"/proc/self/fd/{self.log.file.fileno()}", os.O_WRONLY | os.O_APPEND)
        command += ["-add-fd", f"fd={log},set=1"]
        command += ["-chardev", "file,id=log,path=/dev/fdset/1,append=on", "-serial", "chardev:log"]
        self.qemu = subprocess.Popen(
            # Should we be killed, QEMU goes as well.
            ["setpriv", "--pdeath", "KILL", "--", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[s.fileno() for s in theirs.values()] + [log, self.args.pass_fd],
            start_new_session=True,
        )
        for s in theirs.values():
            s.close()
        os.close(log)
        self.monitor("qmp_capabilities")

    def monitor(self, command):
        self.sockets["qmp"].sendall(json.dumps({"execute": command}).encode() + b"\n")

    def run(self):
        names = {s.fileno(): n for n, s in self.sockets.items()}
        while names:
            wait = None if self.up else max(0, self.boot_deadline - time.monotonic())
            ready = select.select(list(names), [], [], wait)[0]
            if not ready and not self.up and not self.starves():
                self.log.cut()
                self.died_early("hangs")
                self.monitor("system_reset")
            # Output first: what is printed before the end comes out before the end is judged.
            for fd in sorted(ready, key=lambda f: names[f] not in self.relays):
                try:
                    data = os.read(fd, 65536)
                except ConnectionResetError:
                    data = b""
                if data:
                    self.feed(names[fd], data)
                else:
                    del names[fd]
            self.check_done()
        status = self.qemu.wait()
        raise End(NOT_STARTED, f"QEMU ended by itself with status {status}")

    def feed(self, name, data):
        if name in self.relays:
            self.relays[name].take(data)
            return
        *lines, self.buffers[name] = (self.buffers[name] + data).split(b"\n")
        for line in lines:
            (self.heard if name == "control" else self.event)(line)

    def heard(self, line):
        word, _, rest = line.decode(errors="replace").partition(" ")
        if word == "boot":
            self.boot += 1
            self.up = True
            mark = secrets.token_hex(8)
            for relay in self.relays.values():
                relay.expect(mark)
            self.sockets["control"].sendall(f"{self.boot} {mark}\n".encode())
        elif word == "exit":
            self.status = int(rest)

    def event(self, line):
        message = json.loads(line)
        name = message.get("event")
        if name == "RESET" and message["data"]["guest"]:
            # A reboot may be asked for twice before it happens: then nothing was logged in between.
            lines = self.log.cut()
            if any(lines):
                self.rebooted(lines)
        elif name == "SHUTDOWN" and message["data"]["guest"]:
            self.powered_off()

    def rebooted(self, lines):
        if not self.up:
            self.died_early("dies")
            return
        self.judge_boot(lines)
        if self.boot >= self.args.boots:
            raise End(GUEST_FAILED, f"the guest rebooted at boot {self.boot} of {self.args.boots}")
        self.await_boot()

    def died_early(self, how):
        self.early_deaths += 1
        if self.early_deaths > EARLY_DEATHS:
            raise End(NOT_STARTED, f"the guest's kernel {how} before init, {EARLY_DEATHS + 1} times")
        say(f"the guest's kernel {how} before init; booting again")
        self.await_boot()

    def powered_off(self):
        self.judge_boot(self.log.cut())
        if self.args.until_off and self.boot == self.args.boots:
            raise End(0)
        raise End(GUEST_FAILED, f"the guest powered off at boot {self.boot}")

    def check_done(self):
        if self.status is None or not all(r.done for r in self.relays.values()):
            return
        last = self.boot == self.args.boots and not self.args.until_off
        if last or self.status != 0:
            self.judge_boot(self.log.cut())
            raise End(self.status)

    def judge_boot(self, lines):
        complaint, seen = kernel_log.judge(lines, self.args.expect)
        self.missing -= seen
        if complaint is not None:
            say(f"the kernel complains at boot {self.boot}:")
            sys.stderr.write("".join(f"    {line}\n" for line in kernel_log.around(lines, complaint)))
            raise End(GUEST_FAILED, "see the kernel's complaint above")

    def stop(self):
        if self.qemu is None or self.qemu.poll() is not None:
            return
        try:
            # Asked, not killed: it writes back what a disk image still lacks.
            self.monitor("quit")
            self.qemu.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            self.qemu.kill()
            self.qemu.wait()


def on_alarm(_signal, _frame):
    raise End(TIMED_OUT, "time is up")


def on_signal(number, _frame):
    raise End(128 + number)


def conclude(guest, end):
    """The exit status of the run."""
    if end.status == TIMED_OUT and end.why:
        where = "before its init" if not guest.up else f"in boot {guest.boot}"
        say(f"time is up after {guest.args.time} s, {where}; the kernel's last lines:")
        tail = guest.log.cut()[-30:]
        sys.stderr.write("".join(f"    {line}\n" for line in tail))
    elif end.why:
        say(end.why)
    if end.status == 0 and guest.missing:
        for pattern in guest.missing:
            say(f"the kernel log lacks what was expected: {pattern.pattern}")
        return GUEST_FAILED
    return end.status


def pattern(text):
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"'{text}': {error}") from error


def main():
    parser = argparse.ArgumentParser(prog="vm", usage="see selftests/vm --help")
    parser.add_argument("--boots", type=int, default=1)
    parser.add_argument("--time", type=float, required=True)
    parser.add_argument("--slow", type=int, default=1, help="so many times longer a boot may take")
    parser.add_argument("--log", default="")
    parser.add_argument("--expect", action="append", default=[], type=pattern)
    parser.add_argument("--until-off", action="store_true")
    parser.add_argument("--pass-fd", type=int, required=True, help="a file that QEMU opens by number")
    parser.add_argument("qemu", nargs="+")
    args = parser.parse_args()

    signal.signal(signal.SIGALRM, on_alarm)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, on_signal)
    guest = None
    try:
        signal.setitimer(signal.ITIMER_REAL, args.time)
        guest = Guest(args)
        guest.start()
        guest.run()
    except End as end:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if guest:
            guest.stop()
        return conclude(guest, end) if guest else end.status
    except BrokenPipeError:
        return 128 + signal.SIGPIPE
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if guest:
            guest.stop()


if __name__ == "__main__":
    sys.exit(main())
