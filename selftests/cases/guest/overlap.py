#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Keys replaced while in use: old and new overlap, then the old one is gone."""
import os
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import nl  # noqa: E402
import srq  # noqa: E402
from host import (EPOCH, KEY_DEL, KEY_GET, KEY_NEW, KEY_SET, LETTERS, MATERIAL, NAME,  # noqa: E402
                  OVERLAP, Host, done, ok, refused, same, sh, write)

ENOENT, EEXIST, EINVAL, ERANGE, ENOSPC = 2, 17, 22, 34, 28
write("/proc/sys/kernel/sysrq", 1)


def listed(host):
    """(epoch, seconds that it is still good, or None) of each key called ops, current first."""
    keys = [k for k in host.genl.call(KEY_GET, dump=True) if nl.text(k[NAME]) == "ops"]
    left = [(k[EPOCH], int.from_bytes(k[OVERLAP], "little") if OVERLAP in k else None) for k in keys]
    return sorted(left, key=lambda k: (k[1] is not None, k[1]))


def replace(host, overlap=None, material=None, **settings):
    return host.new_key("ops", material, KEY_SET, overlap=overlap, **settings)


def runs(client):
    return bool(client.run("h")) and client.reply.status_name == "ok"


with Host(window=128) as host:
    old = host.client()
    ok(old.probe() and runs(old), "a key")
    first_epoch = listed(host)[0][0]

    new = host.client(key=replace(host, 3))
    got = listed(host)
    ok(len(got) == 2 and got[0][1] is None and got[1][0] == first_epoch and 1 <= got[1][1] <= 3,
       "both are listed, the old one with the time that is left to it", got)
    ok(new.probe() and runs(new), "the new one is good")
    ok(runs(old), "so is the old one, in the epoch that it had")
    ok(old.run("h +20s h"), "the old one starts a program")
    ok(9 in host.status(), "which is pending")
    end = time.monotonic() + 10
    while len(listed(host)) > 1 and time.monotonic() < end:
        time.sleep(0.1)
    same(len(listed(host)), 1, "then the old one is wiped")
    same(old.probe(timeout=0.3), None, "it is not answered any more")
    ok(runs(new), "the new one is")
    ok(9 not in host.status(), "the old one's program went with it")

    # Twice, and at once.
    second = new
    third = host.client(key=replace(host, 100))
    fourth = host.client(key=replace(host, 200))
    same([left is None for _, left in listed(host)], [True, False, False],
         "what was replaced earlier keeps its time")
    ok(second.probe() and third.probe() and fourth.probe(), "all three are good")
    host.set_key("ops", letters="s")
    for client, what in ((second, "oldest"), (third, "older"), (fourth, "current")):
        client.probe()
        same(client.run("h").status_name, "refused", f"a letter is taken from the {what}, too")
    host.set_key("ops", letters="hs", overlap=50)
    ok(all(left is None or 45 <= left <= 50 for _, left in listed(host)),
       "how long is changed afterwards", listed(host))
    replace(host, material=fourth.key.material)
    same(len(listed(host)), 3, "the same material again replaces nothing")
    host.set_key("ops", overlap=0)
    same(len(listed(host)), 1, "overlap 0: at once")
    same(second.probe(timeout=0.3) or third.probe(timeout=0.3), None, "they are gone")
    ok(fourth.probe() and runs(fourth), "the current one is not")
    refused(lambda: host.set_key("ops", overlap=5), ENOENT, "nothing is left to be kept", "OVERLAP")

    # Back again: what was replaced is set once more.
    epoch = listed(host)[0][0]
    fifth = host.client(key=replace(host, 100))
    fifth.probe()
    replace(host, 100, fourth.key.material)
    got = listed(host)
    same((len(got), got[0][0]), (2, epoch), "material set again has the epoch that it had")
    ok(runs(fourth) and runs(fifth), "and both are good")
    replace(host, 100, fifth.key.material, window=16)
    same(len(listed(host)), 2, "again, with another window: as new material")
    ok(listed(host)[0][0] not in (epoch,) and fifth.probe(), "and good")
    same(fifth.run("h").status_name, "stale", "but what it ran before might come encoded anew: none for 20 s")
    replace(host)
    same(len(listed(host)), 1, "replaced at once: all that came before is wiped")
    same(fourth.probe(timeout=0.3) or fifth.probe(timeout=0.3), None, "and not answered")

    # What one window has accepted, no other one of the same material accepts again.
    recorded = []
    for name in ("window", "again"):
        host.new_key(name, name.encode().ljust(32), tolerance=6000, identity="web1")
    time.sleep(6.5)
    for name in ("window", "again"):
        leading = host.client(key=srq.Key(name.encode().ljust(32)))
        recorded.append(leading.make(srq.RUN, "h", wall=True, epoch=leading.key.host_tag("web1"),
                                     stamp=time.time_ns() + 5500000000).seal(leading.key))
        same(host.counted(lambda: leading.send(recorded[-1]), 0.1), {"run": 1, "steps": 1},
             "a request by a clock that leads runs")
    host.new_key("window", b"window".ljust(32), KEY_SET, window=16, tolerance=3000)
    host.del_key("again")
    host.new_key("again", b"again".ljust(32), tolerance=3000, identity="web1")
    time.sleep(4)
    for data, what in zip(recorded, ("another window", "the key was deleted and set again")):
        same(host.counted(lambda data=data: leading.send(data), 0.1), {"stale-old": 1},
             f"not again after {what}, with a shorter tolerance")
    host.del_key("window")
    host.del_key("again")

    # Settings that come with the newer material.
    sixth = host.client(key=replace(host))
    sixth.probe()
    seventh = host.client(key=replace(host, 100, letters="s"))
    same(sixth.run("h").status_name, "refused", "a letter not given to the newer one is taken away")
    seventh.probe()
    same(seventh.run("h").status_name, "refused", "nor has the newer one it")
    replace(host, letters="hs")

    # Names, bounds.
    kept = replace(host, 100)
    held = replace(host, 100)
    refused(lambda: host.new_key("other", kept.material), EEXIST,
            "replaced material under another name", "MATERIAL")
    refused(lambda: host.genl.call(KEY_NEW, nl.attr(NAME, "n"), nl.attr(MATERIAL, os.urandom(32)),
                                   nl.u32(OVERLAP, 5)), EINVAL, "a new key with overlap", "OVERLAP")
    refused(lambda: replace(host, 2592001), ERANGE, "more than 30 days")
    replace(host, 2592000)
    same(max(left or 0 for _, left in listed(host)) > 2591000, True, "30 days")
    host.genl.call(KEY_DEL, nl.attr(NAME, "ops"))
    same(listed(host), [], "a deleted key goes with all that it replaced")
    host.new_key("ops", held.material)
    same(len(listed(host)), 1, "its material may be used again")

    # By a rule that names the key, both.
    sh("nft flush chain inet srqtest in; nft add rule inet srqtest in sysrq key ops; "
       "nft add rule inet srqtest in udp dport 9 drop")
    held, fresh = host.client(key=held), host.client(key=replace(host, 100))
    ok(held.probe() and fresh.probe(), "a rule with the key's name takes both")

    # At the limit a replacement with overlap is one key more.
    for i in range(9998):
        host.genl.call(KEY_NEW, nl.attr(NAME, f"k{i}"), nl.attr(MATERIAL, os.urandom(32)))
    refused(lambda: replace(host, 5), ENOSPC, "no room for an overlap", "10,000")
    replace(host)
    ok(True, "but for a replacement at once")
    host.new_key("last")
    refused(lambda: host.new_key("over"), ENOSPC, "10,000 keys are enough", "10,000")
write("/proc/sys/kernel/sysrq", 438)
done()
