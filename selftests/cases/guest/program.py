#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Programs: pending, replaced, overtaken, cancelled, dropped."""
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
from host import PROGRAM_CANCEL, Host, Log, done, ok, same, sh, write  # noqa: E402

write("/proc/sys/kernel/sysrq", 1)
PENDING = 9


def pending(host):
    return PENDING in host.status()


with Host() as host:
    client = host.client()
    client.probe()

    same(client.run("h +30s b").status_name, "ok", "a program with a long wait")
    time.sleep(0.5)
    reply = client.probe(wall=False)
    ok(27 <= reply.fires_s <= 30, "an answer tells when it fires", reply)
    page = client.probe(page=1, wall=False)
    ok(27000 <= page.fires_ms <= 30000 and page.next == [(ord("b"), 0)],
       "its page tells what is left", page)
    same(sh("rmmod nft_sysrq; echo $?", check=False).strip()[-1], "1",
         "a pending program holds the module")

    log = Log()
    same(client.run("h").status_name, "ok", "a program without waits")
    ok(log.wait("HELP"), "runs beside the pending one")
    ok(pending(host), "which stays")

    late = client.boottime()
    reply = client.run("h +20s h")
    same((reply.status_name, reply.bits & 2), ("ok", 2), "a later run replaces it, and says so")
    same(client.run("h +1s h", stamp=late - 10 ** 9).status_name, "overtaken",
         "an earlier one comes too late")
    same(client.cancel(stamp=late - 10 ** 9).status_name, "overtaken", "so does an earlier cancel")
    ok(pending(host), "the later run is still pending")
    before = client.boottime()
    same(client.cancel().status_name, "ok", "cancel")
    ok(not pending(host), "nothing is pending")
    same(client.cancel().status_name, "nothing", "cancel again: nothing to cancel")
    same(client.run("h", stamp=before).status_name, "overtaken",
         "a run from before the cancel does not follow it")

    # Other keys' programs.
    weak = host.client(key=host.new_key("weak", letters="h"))
    weak.probe()
    same(client.run("s +20s u").status_name, "ok", "a program of a strong key")
    same(weak.run("h +1s h").status_name, "others", "a weak key does not replace it")
    same(weak.cancel().status_name, "others", "nor cancel it")
    same(weak.run("h").status_name, "ok", "but may run beside it")
    host.set_key("weak", letters="hsu")
    same(weak.cancel().status_name, "ok", "with all of its letters it may")

    # A key that goes takes its program along.
    for what, act in (("deleted", lambda: host.del_key("weak")),
                      ("replaced", lambda: host.new_key("weak", cmd=2)),
                      ("confined", lambda: host.set_key("weak", letters="u")),
                      ("aborted by the administrator", lambda: host.genl.call(PROGRAM_CANCEL))):
        if "weak" not in host.keys():
            weak = host.client(key=host.new_key("weak"))
        else:
            weak = host.client(key=host.new_key("weak", cmd=2, letters="hsu"))
        weak.probe()
        weak.run("h +20s h")
        good = pending(host)
        act()
        ok(good and not pending(host), f"key {what}: its program is dropped")
    weak = host.client(key=host.new_key("brief", expires=int(time.time()) + 3))
    weak.probe()
    log = Log()
    same(weak.run("h +4s s").status_name, "ok", "a program of a key that is about to expire")
    time.sleep(5)
    same((pending(host), log.count("Emergency Sync")), (False, 0), "is dropped when it has")
    same(weak.run("h").status_name, "expired", "and the key is of no use")

    # Malformed, though genuine: answered, not run.
    host.del_key("ops")
    client = host.client(key=host.new_key("ops"))
    client.probe()
    for what, fields in (("an unknown flag", {"kind": 2, "steps": "h", "flags": 2}),
                         ("a run without steps", {"kind": 2}),
                         ("a cancel with steps", {"kind": 3, "steps": "h"}),
                         ("an unused step", {"kind": 2, "body": b"h\0s\0", "nsteps": 1}),
                         ("a letter that is none", {"kind": 2, "steps": [(0x21, 0)]}),
                         ("an unknown page", {"kind": 1, "page": 2})):
        same(client.exchange(client.make(**fields)).status_name, "malformed", what)

    # Many at once: no more than there is room for, and room again after.
    statuses = [client.run("h").status_name for _ in range(20)]
    ok(set(statuses) <= {"ok", "busy"} and "ok" in statuses, "twenty at once", statuses)
    time.sleep(2)
    same(client.run("h").status_name, "ok", "and there is room again")

    # At the end of its waits b would strike: 50 ms after the answer, not before. (h stands in.)
    log = Log()
    client.run("m +100ms h")
    ok(log.wait("Mem-Info") and log.wait("HELP"), "a step after one that prints")
time.sleep(0.5)
same(sh("rmmod nft_sysrq && modprobe nft_sysrq; echo $?", check=False).strip()[-1], "0",
     "nothing holds the module in the end")
write("/proc/sys/kernel/sysrq", 438)
done()
