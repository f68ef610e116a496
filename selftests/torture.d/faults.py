# SPDX-License-Identifier: GPL-2.0-only
"""Allocations that fail: failslab and fail_page_alloc, of a kernel with fault injection.

Which: those that have code of a range on their stack, the module's or a function's of the kernel.
Linux: Documentation/fault-injection/fault-injection.rst
"""
import collections
import contextlib
import ctypes
import errno
import json
import os

import nl
from host import write

DEBUGFS = "/sys/kernel/debug"
KINDS = ("failslab", "fail_page_alloc")
CLONE_NEWNET = 0x40000000
SYS_FINIT_MODULE, SYS_DELETE_MODULE = 313, 176
# Where x86-64 puts modules, whether or not the kernel moves: nothing but the module's code is there.
MODULES, MODULES_MOVED, MODULES_END = 0xffffffffa0000000, 0xffffffffc0000000, 0xffffffffff000000
MOST = 200  # allocations of one operation

libc = ctypes.CDLL(None, use_errno=True)


def call(function, *args):
    """A call of libc's, with its error as an OSError."""
    if function(*args) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def unshare_net():
    call(libc.unshare, CLONE_NEWNET)


def load(path):
    """The module, by this task itself: what fails is its own."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        call(libc.syscall, SYS_FINIT_MODULE, fd, b"", 0)
    finally:
        os.close(fd)


def unload(name):
    call(libc.syscall, SYS_DELETE_MODULE, name.encode(), os.O_NONBLOCK)


def loaded():
    """{name: address} of all modules"""
    with open("/proc/modules", encoding="ascii") as file:
        return {line.split()[0]: int(line.split()[5], 16) for line in file}


def text_of(symbol):
    """Where a function of the kernel is: (start, end)"""
    with open("/proc/kallsyms", encoding="ascii") as file:
        found = sorted({(int(line.split()[0], 16), line.split()[2]) for line in file if line.split()[1] in "tT"})
    start = next(address for address, name in found if name == symbol)
    return start, next(address for address, _ in found if address > start)


def attempt(action):
    """0, or the errno that it ends with."""
    try:
        action()
    except nl.NlError as why:
        return why.errno
    except TimeoutError:
        return errno.ETIMEDOUT
    except OSError as why:
        return why.errno
    return 0


def available():
    return all(os.path.isdir(f"{DEBUGFS}/{kind}") for kind in KINDS) and os.path.exists("/proc/self/fail-nth")


class Faults:
    """What is to fail. By default what has the module on its stack."""

    def __init__(self):
        address = loaded()["nft_sysrq"]
        self.module = MODULES_MOVED if address >= MODULES_MOVED else MODULES, MODULES_END
        for kind in KINDS:
            for what, value in (("probability", 0), ("interval", 1), ("times", -1), ("verbose", 0), ("space", 0),
                                ("stacktrace-depth", 32), ("task-filter", "N"), ("ignore-gfp-wait", "N"),
                                ("ignore-gfp-highmem", "N"), ("min-order", 0), ("cache-filter", "N")):
                if os.path.exists(f"{DEBUGFS}/{kind}/{what}"):
                    write(f"{DEBUGFS}/{kind}/{what}", value)
        self.within(*self.module)
        self.here()

    def within(self, start, end):
        for kind in KINDS:
            write(f"{DEBUGFS}/{kind}/require-start", hex(start))
            write(f"{DEBUGFS}/{kind}/require-end", hex(end))

    @contextlib.contextmanager
    def in_function(self, symbol):
        """While this is entered, what has that function on its stack."""
        self.within(*text_of(symbol))
        try:
            yield
        finally:
            self.within(*self.module)

    def here(self):
        """From now on it is this task whose nth allocation fails: for a child."""
        self.fd = os.open("/proc/thread-self/fail-nth", os.O_RDWR | os.O_CLOEXEC)

    def nth(self, number):
        """This task's, from now on; 0: none. What was left to count before."""
        left = int(os.pread(self.fd, 16, 0))
        os.pwrite(self.fd, str(number).encode(), 0)
        return left

    @contextlib.contextmanager
    def all(self):
        """While this is entered, everybody's, everything."""
        for kind in KINDS:
            write(f"{DEBUGFS}/{kind}/probability", 100)
        try:
            yield
        finally:
            for kind in KINDS:
                write(f"{DEBUGFS}/{kind}/probability", 0)

    def try_nth(self, number, action):
        """(errno, an allocation failed)"""
        self.nth(number)
        try:
            err = attempt(action)
        finally:
            left = self.nth(0)
        return err, not left


class Course:
    """An operation, whose first, second ... allocation fails, until there is none left to fail."""

    def __init__(self):
        self.errors, self.failed, self.survived, self.wrong, self.ended = collections.Counter(), 0, 0, [], False

    def go(self, once, check, most=MOST):
        """once(n): (errno, failed); check(errno): what is wrong, or None"""
        for number in range(1, most):
            err, failed = once(number)
            self.failed += failed
            why = check(err)
            if why:
                self.wrong.append((number, err, why))
            if failed and err:
                self.errors[errno.errorcode.get(err, err)] += 1
            elif failed:
                self.survived += 1
            else:
                self.ended = not err
                return self
        return self

    def __str__(self):
        return f"{self.failed} allocations, {dict(self.errors)}, {self.survived} it does without"


def child(action):
    """What @action gives, in a process of its own, as JSON."""
    read, to = os.pipe()
    pid = os.fork()
    if not pid:
        status = 1
        try:
            os.write(to, json.dumps(action()).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(to)
    with os.fdopen(read, "rb") as file:
        got = file.read()
    os.waitpid(pid, 0)
    return json.loads(got)
