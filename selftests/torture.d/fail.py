#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Inside a guest with fault injection: each allocation of the module fails, in all that it is asked to do.

One by one, the first, the second and so on, until the operation succeeds; and all at once. Each failure is an
error that says so; nothing is half done. Prints TAP; the kernel log is judged by who runs the guest.
"""
import errno
import os
import struct
import subprocess
import sys
import time

sys.path[:0] = ["/src/selftests/lib", "/src/selftests/torture.d"]
import faults  # noqa: E402
import nl  # noqa: E402
from faults import Course, Faults, attempt  # noqa: E402
from host import (AGE, E_LOST, KEY_DEL, KEY_GET, KEY_NEW, KEY_SET, LAST_USE, LETTERS, MATERIAL, NAME,  # noqa: E402
                  OVERLAP, STATS_GET, STATUS_GET, Host, done, key_settings, ok, same, sysrq_for_all, write)

MODULE = "nft_sysrq"
CLEAN = {0, errno.ENOMEM, errno.ENOBUFS}
A, B = bytes(range(32)), bytes(range(32, 64))
EXPRS = 5  # of the status
POOL = 64  # answers in reserve
REQUESTS = 100
LEAKS = "/sys/kernel/debug/kmemleak"


def keys(genl):
    """What is to be seen of the keys, all but what time changes."""
    listed = genl.call(KEY_GET, dump=True)
    return sorted(str({kind: value for kind, value in key.items() if kind not in (AGE, LAST_USE, OVERLAP)})
                  for key in listed)


class Operation:
    """Something that the family is asked."""

    def __init__(self, what, cmd, *parts, undo=None, dump=False, exact=True):
        self.what, self.cmd, self.parts, self.undo, self.dump, self.exact = what, cmd, parts, undo, dump, exact

    def __call__(self, genl):
        genl.call(self.cmd, *self.parts, dump=self.dump)


def named(name, material=None, **settings):
    parts = [nl.attr(NAME, name)]
    if material:
        parts.append(nl.attr(MATERIAL, material))
    return parts + key_settings(**settings)


def operations():
    new = Operation("", KEY_NEW, *named("first", A))
    back = Operation("", KEY_SET, *named("first", A, overlap=0))
    gone = Operation("", KEY_DEL, *named("second"))
    settle = Operation("", KEY_SET, *named("first", letters="hs"))
    return (
        Operation("key new", KEY_NEW, *named("second", B), undo=gone),
        Operation("key new, window 4096", KEY_NEW, *named("second", B, window=4096), undo=gone),
        Operation("key set: settings", KEY_SET, *named("first", letters="h", tolerance=3000), undo=settle, exact=False),
        Operation("key set: new material, old one good for a while", KEY_SET, *named("first", B, overlap=100), undo=back),
        Operation("key set: the same material, another window", KEY_SET, *named("first", A, window=128), exact=False),
        Operation("key del", KEY_DEL, *named("first"), undo=new, exact=False),
        Operation("key get", KEY_GET, *named("first")),
        Operation("key list", KEY_GET, dump=True),
        Operation("stats", STATS_GET),
        Operation("status", STATUS_GET),
    )


def one_operation(faulty, genl, op):
    """Each allocation alone, then all."""
    if not keys(genl):
        genl.call(KEY_NEW, *named("first", A))
    before = keys(genl)

    def check(err):
        if err not in CLEAN:
            return f"errno {err}"
        if not err and op.undo:
            op.undo(genl)
        after = keys(genl)
        # Where it cannot be undone but by a new epoch, as many as before will do.
        if err or op.exact:
            return None if after == before else f"{after}, before {before}"
        before[:] = after
        return None

    course = Course().go(lambda n: faulty.try_nth(n, lambda: op(genl)), check)
    ok(course.ended and not course.wrong, f"{op.what}: {course}", course.wrong)
    with faulty.all():
        err = attempt(lambda: op(genl))
    why = check(err)
    ok(not why and (err or not course.errors), f"{op.what}: all fail: {errno.errorcode.get(err, err)}", why)
    err = attempt(lambda: op(genl))
    ok(not err and not check(err), f"{op.what}: none fails", err)
    return course.failed


def family(faulty):
    genl = nl.Genl(MODULE)
    failed = sum(one_operation(faulty, genl, op) for op in operations())
    ok(failed > 10, f"{failed} allocations of the family's have failed")
    for name in {nl.text(key[NAME]) for key in genl.call(KEY_GET, dump=True)}:
        genl.call(KEY_DEL, nl.attr(NAME, name))


def acknowledged(faulty):
    """Netlink's own allocations fail as well: then it may be done, and the answer lost, but is not half done."""
    genl = nl.Genl(MODULE)
    genl.sock.settimeout(3)
    states = [[], ["second"]]

    def once(number):
        err, failed = faulty.try_nth(number, lambda: genl.call(KEY_NEW, *named("second", B)))
        return (0 if err == errno.ETIMEDOUT else err), failed

    def check(err):
        names = [nl.text(key[NAME]) for key in nl.Genl(MODULE).call(KEY_GET, dump=True)]
        if names:
            nl.Genl(MODULE).call(KEY_DEL, *named("second"))
        return None if err in CLEAN and names in states else (err, names)

    with faulty.in_function("genl_rcv"):
        course = Course().go(once, check)
    ok(course.ended and not course.wrong, f"key new, with all that netlink does: {course}", course.wrong)


def first_key(faulty):
    """In a network namespace that has none yet."""
    def new(number):
        def inside():
            faults.unshare_net()
            faulty.here()
            genl = nl.Genl(MODULE)
            err, failed = faulty.try_nth(number, lambda: genl.call(KEY_NEW, *named("second", B)))
            names = [nl.text(key[NAME]) for key in genl.call(KEY_GET, dump=True)]
            return err, failed, names
        err, failed, names = faults.child(inside)
        wrong.extend([(number, err, names)] if (names != []) == bool(err) else [])
        return err, failed

    wrong = []
    course = Course().go(new, lambda err: None if err in CLEAN else err)
    ok(course.ended and not course.wrong and not wrong, f"a namespace's first key: {course}", (course.wrong, wrong))


def first_key_works():
    """In the network namespace that this is in: its keys then, or the error."""
    genl = nl.Genl(MODULE)
    err = attempt(lambda: genl.call(KEY_NEW, *named("second", B)))
    return err or [nl.text(key[NAME]) for key in genl.call(KEY_GET, dump=True)]


def namespaces(faulty):
    useless = []

    def make(number):
        def inside():
            faulty.here()
            err, failed = faulty.try_nth(number, faults.unshare_net)
            return err, failed, ["second"] if err else first_key_works()
        err, failed, names = faults.child(inside)
        useless.extend([(number, names)] if names != ["second"] else [])
        return err, failed

    course = Course().go(make, lambda err: None if err in CLEAN else err)
    ok(course.ended and not course.wrong and course.failed, f"a network namespace: {course}", course.wrong)
    with faulty.all():
        err = faults.child(lambda: attempt(faults.unshare_net))
    same(err, errno.ENOMEM, "a network namespace: all fail")
    # What others say then is their own; we must neither stay behind nor be missing.
    with faulty.in_function("copy_net_ns"):
        course = Course().go(make, lambda err: None, 2000)
    ok(course.failed > 50, f"a network namespace, with all that others need: {course}")
    same(useless, [], "each that came to be took its first key")
    same((make(0)[0], useless), (0, []), "a namespace after that takes one, too")


def until_unloaded():
    for _ in range(100):
        err = attempt(lambda: faults.unload(MODULE))
        if not err or MODULE not in faults.loaded():
            return True
        time.sleep(0.1)
    return False


def module(faulty):
    path = subprocess.run(["modinfo", "-n", MODULE], check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    ok(until_unloaded(), "the module goes")

    def check(err):
        there = MODULE in faults.loaded()
        return None if err in CLEAN and there != bool(err) else f"errno {err}, loaded: {there}"

    course = Course().go(lambda n: faulty.try_nth(n, lambda: until_unloaded() and faults.load(path)), check)
    ok(course.ended and not course.wrong and course.failed >= 4, f"the module is loaded: {course}", course.wrong)
    until_unloaded()
    with faulty.all():
        err = attempt(lambda: faults.load(path))
    ok(err == errno.ENOMEM and not check(err), "the module: all fail", err)
    hotplug("the module has failed to load")
    same(attempt(lambda: faults.load(path)), 0, "the module: none fails")
    hotplug("it is loaded")


def hotplug(when):
    """What is left behind for a processor's coming and going would be called now."""
    path = "/sys/devices/system/cpu/cpu1/online"
    if not os.path.exists(path):
        return
    for state in "01":
        with open(path, "w", encoding="ascii") as file:
            file.write(state)
    ok(True, f"a processor goes and comes back when {when}")


class Rules:
    """A table with our expression, and rules added to it."""

    def __init__(self):
        self.nft, self.genl = nl.Nft(), nl.Genl(MODULE)
        self.nft.sock.settimeout(5)
        self.nft.chain("inet", "torn", "in", 1)
        self.nft.rule("inet", "torn", "in", ("sysrq", nl.attr(1, "ops")))

    def exprs(self):
        return int.from_bytes(self.genl.call(STATUS_GET)[0][EXPRS], sys.byteorder)

    def settled(self, allowed):
        """How many there are, once what was deleted is gone."""
        for _ in range(100):
            number = self.exprs()
            if number in allowed:
                return None
            time.sleep(0.05)
        return f"{number} expressions, not one of {allowed}"

    def add(self):
        self.nft.rule("inet", "torn", "in", ("sysrq", b""), ("counter", b""), ("sysrq", nl.be32(2, 1)))

    def flush(self):
        self.nft.batch("inet", (8, nl.attr(1, "torn")))

    def list(self):
        self.nft.request(10 << 8 | 7, struct.pack("=BBH", 1, 0, 0) + nl.attr(1, "torn"), nl.NLM_F_DUMP)


def rules(faulty):
    """All that nf_tables needs for them: the expression itself takes no memory of its own."""
    torn = Rules()

    def fresh():
        # An answer that comes late is not taken for the next one's.
        torn.nft = nl.Nft()
        torn.nft.sock.settimeout(3)

    def check(allowed):
        def state(err):
            fresh()
            return (None if err in CLEAN | {errno.ETIMEDOUT, errno.EINTR} else f"errno {err}") or torn.settled(allowed)
        return state

    def added(err):
        why = check({1, 3})(err)
        torn.flush()
        torn.nft.rule("inet", "torn", "in", ("sysrq", nl.attr(1, "ops")))
        return why or torn.settled({1})

    def flushed(err):
        why = check({0, 1})(err)
        if not torn.exprs():
            torn.nft.rule("inet", "torn", "in", ("sysrq", nl.attr(1, "ops")))
        return why

    with faulty.in_function("nfnetlink_rcv"):
        for what, action, after in (("add", torn.add, added), ("delete", torn.flush, flushed),
                                    ("list", torn.list, check({1}))):
            course = Course().go(lambda n, action=action: faulty.try_nth(n, action), after)
            ok(course.ended and not course.wrong and course.failed, f"rules: {what}: {course}", course.wrong)
    torn.nft.delete("inet", "torn")
    same(torn.settled({0}), None, "rules: all are gone, and counted so")


def ask(client, number):
    """So many requests; which are answered."""
    answered = []
    for i in range(number):
        if client.run("h" if i % 10 == 0 else str(i % 10), timeout=1) is not None:
            answered.append(i)
        # Programs that still begin are few: more would be refused as busy.
        time.sleep(0.05)
    return answered


def requests(faulty):
    with Host(window=4096) as host:
        client = host.client()
        for i in (1, 2):
            client.probe()
            before = host.stats()
            with faulty.all():
                answered = ask(client, REQUESTS)
                time.sleep(2)
            after = host.stats()
            counted = {name: after[name] - before[name] for name in ("run", "steps", "reply-sent", "reply-failed")}
            print(f"# answered: {answered}")
            same((counted, len(answered)), ({"run": REQUESTS, "steps": REQUESTS, "reply-sent": POOL,
                                        "reply-failed": REQUESTS - POOL}, POOL),
                 f"requests ({i}): all fail: {POOL} are answered from the reserve, all {REQUESTS} run")
            time.sleep(3)
            same(len(ask(client, 10)), 10, f"requests ({i}): none fails: all are answered, and the reserve fills again")


def events(faulty):
    """What could not be told is counted."""
    with Host(window=1024) as host:
        client, ear = host.client(), nl.Genl(MODULE)
        client.probe()
        ear.join("events")
        with faulty.all():
            asked = 20
            ask(client, asked)
            time.sleep(1)
        client.run("3")
        lost, heard = 0, 0
        while (event := ear.event(2)) is not None:
            lost += int.from_bytes(event[1].get(E_LOST, b""), sys.byteorder)
            heard += 1
        # Of each request, that it came and that its letter was handed on.
        same((lost, heard), (2 * asked, 2), "events: all fail: so many are said to be lost, and then it goes on")


def leaks(_):
    # It is there without that, too, and refuses.
    with open("/proc/cmdline", encoding="ascii") as file:
        if "kmemleak=on" not in file.read().split():
            return
    # What is younger than five seconds is not looked at.
    for wait in (6, 6):
        time.sleep(wait)
        write(LEAKS, "scan")
    with open(LEAKS, encoding="ascii", errors="replace") as file:
        found = file.read().split("unreferenced object")[1:]
    ours = [text for text in found if MODULE in text]
    print(f"# kmemleak: {len(found)} in all")
    same(ours, [], "no memory of the module's is lost")


def main():
    if not faults.available():
        print("1..0 # SKIP this kernel has no fault injection: take a guest with a debug kernel")
        sys.exit(0)
    others = set(faults.loaded()) - {MODULE}
    same(others, set(), "no module but ours is loaded: whatever fails in a module fails in it")
    faulty = Faults()
    parts = (family, acknowledged, first_key, namespaces, rules, requests, events, module, family, requests, leaks)
    unknown = set(sys.argv[1:]) - {part.__name__ for part in parts}
    if unknown:
        sys.exit(f"fail: no part {', '.join(sorted(unknown))}")
    for part in parts:
        if sys.argv[1:] and part.__name__ not in sys.argv[1:]:
            continue
        began = time.monotonic()
        part(faulty)
        print(f"# {part.__name__}: {time.monotonic() - began:.0f} s", flush=True)
    done()


with sysrq_for_all():
    main()
