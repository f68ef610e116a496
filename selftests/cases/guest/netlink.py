#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The family and the expression as hostile or clumsy programs speak to them."""
import os
import sys

sys.path.insert(0, "/src/selftests/lib")
import nl  # noqa: E402
from host import (EPOCH, EXPIRES, IDENTITY, KEY_DEL, KEY_GET, KEY_NEW, KEY_SET, LETTERS,  # noqa: E402
                  MATERIAL, NAME, PROGRAM_CANCEL, TOLERANCE, WALL, WINDOW, Host, done, ok, refused,
                  same, sh)

EPERM, ENOENT, EEXIST, EINVAL, ERANGE, EOPNOTSUPP = 1, 2, 17, 22, 34, 95
genl = nl.Genl("nft_sysrq")
material = os.urandom(32)
good = [nl.attr(NAME, "k1"), nl.attr(MATERIAL, material)]


def new(*more, base=good):
    return lambda: genl.call(KEY_NEW, *base, *more)


# What a key may be.
for name in ("", "-x", "a" * 32, "a b", "a\"b", "ä", "a/b"):
    refused(new(base=[nl.attr(NAME, name), good[1]]), EINVAL,
            f"name {name!r} is refused")
for size in (0, 31, 33, 64):
    refused(new(base=[good[0], nl.attr(MATERIAL, bytes(size))]), ERANGE, f"{size} bytes of material")
refused(new(base=[good[0]]), EINVAL, "no material", "MATERIAL")
refused(new(base=[good[1]]), EINVAL, "no name", "NAME")
refused(new(nl.attr(LETTERS, "s!")), EINVAL, "a letter that is none", "LETTERS")
refused(new(nl.attr(LETTERS, "s" * 63)), EINVAL, "63 letters")
for ms in (0, 2999, 3600001, 2 ** 32 - 1):
    refused(new(nl.u32(TOLERANCE, ms)), ERANGE, f"a tolerance of {ms} ms")
refused(new(nl.u8(WALL, 2)), ERANGE, "wall clock 2")
refused(new(nl.u64(EXPIRES, 1)), EINVAL, "an expiry that is past", "EXPIRES")
refused(new(nl.u64(EXPIRES, 2 ** 63)), ERANGE, "an expiry out of range")
for window in (0, 15, 17, 63, 4097, 8192):
    refused(new(nl.u32(WINDOW, window)), EINVAL if window in (17, 63) else ERANGE,
            f"a window of {window}")
for identity in ("Web1", "web1.", "a b", "x" * 254):
    refused(new(nl.attr(IDENTITY, identity)), EINVAL,
            f"identity {identity[:8]!r}")
refused(new(nl.u32(EPOCH, 5)), EINVAL, "an attribute that only goes out")
refused(new(nl.u32(99, 5)), EINVAL, "an attribute that nobody knows")
refused(new(base=[good[0], nl.attr(MATERIAL, material)[:-1] + b"xx\0"]), EINVAL, "a torn message")
same(genl.call(KEY_GET, dump=True), [], "none of this made a key")

# Life of a key.
genl.call(KEY_NEW, *good, nl.attr(LETTERS, "bus"), nl.attr(IDENTITY, "web1.example.com"))
refused(new(), EEXIST, "a name twice", "NAME")
refused(new(base=[nl.attr(NAME, "k2"), good[1]]), EEXIST, "material twice", "MATERIAL")
key = genl.call(KEY_GET, good[0])[0]
same((nl.text(key[LETTERS]), nl.text(key[IDENTITY])), ("bsu", "web1.example.com"), "get tells settings")
ok(MATERIAL not in key and not any(material in value for value in key.values()),
   "get does not tell the material")
genl.call(KEY_SET, good[0], nl.attr(LETTERS, "h"), nl.u32(TOLERANCE, 3000))
changed = genl.call(KEY_GET, good[0])[0]
same((nl.text(changed[LETTERS]), changed[TOLERANCE], changed[EPOCH]),
     ("h", (3000).to_bytes(4, "little"), key[EPOCH]), "settings change, the epoch does not")
refused(lambda: genl.call(KEY_SET, good[0], nl.u32(WINDOW, 128)), EINVAL,
        "a window without material", "WINDOW")
refused(lambda: genl.call(KEY_SET, good[0], nl.attr(LETTERS, "?")), EINVAL, "bad letters", "LETTERS")
same(nl.text(genl.call(KEY_GET, good[0])[0][LETTERS]), "h", "a refusal changes nothing")
for cmd, what in ((KEY_SET, "set"), (KEY_DEL, "del"), (KEY_GET, "get")):
    refused(lambda cmd=cmd: genl.call(cmd, nl.attr(NAME, "nobody")), ENOENT, f"{what}: no such key",
            "NAME")
refused(lambda: genl.call(PROGRAM_CANCEL), ENOENT, "cancel: nothing is pending", "no program")
genl.call(KEY_DEL, good[0])
same(genl.call(KEY_GET, dump=True), [], "a deleted key is gone")

# Many keys: one dump tells all of them.
count = 300
for i in range(count):
    genl.call(KEY_NEW, nl.attr(NAME, f"many-{i}"), nl.attr(MATERIAL, os.urandom(32)))
names = {nl.text(k[NAME]) for k in genl.call(KEY_GET, dump=True)}
same(len(names), count, f"a dump has all of {count} keys")
for name in names:
    genl.call(KEY_DEL, nl.attr(NAME, name))

# The expression: where it may stand, and what it may say.
nft = nl.Nft()
HOOKS = {"prerouting": 0, "input": 1, "forward": 2, "output": 3, "postrouting": 4}
for family in ("ip", "ip6", "inet"):
    for hook, number in HOOKS.items():
        nft.chain(family, "t", "c", number)
        if hook == "input":
            nft.rule(family, "t", "c", ("sysrq", b""))
            ok(True, f"{family} {hook}: may be")
        else:
            refused(lambda family=family: nft.rule(family, "t", "c", ("sysrq", b"")), EOPNOTSUPP,
                    f"{family} {hook}: may not be")
        nft.delete(family, "t")
nft.chain("bridge", "t", "c", 1)
refused(lambda: nft.rule("bridge", "t", "c", ("sysrq", b"")), EOPNOTSUPP, "bridge: may not be")
nft.delete("bridge", "t")
nft.chain("inet", "t", "c", 1)
for data, errno, what in ((nl.attr(1, "a" * 32), EINVAL, "a key name of 32 bytes"),
                          (nl.attr(1, "-x"), EINVAL, "a key name that begins with -"),
                          (nl.attr(1, ""), EINVAL, "an empty key name"),
                          (nl.be32(2, 2), EOPNOTSUPP, "a flag that nobody knows"),
                          (nl.u8(2, 1), ERANGE, "flags of one byte")):
    refused(lambda data=data: nft.rule("inet", "t", "c", ("sysrq", data)), errno, what)
for data in (b"", nl.attr(1, "a" * 31), nl.be32(2, 1), nl.attr(1, "ops") + nl.be32(2, 1)):
    nft.rule("inet", "t", "c", ("sysrq", data), ("counter", b""), ("sysrq", data))
status = genl.call(6)[0]
same(int.from_bytes(status[5], "little"), 8, "live expressions are counted")
nft.delete("inet", "t")

# By a jump it gets no further.
for hook in ("output", "input"):
    sh("nft add table inet t; nft add chain inet t sub; "
       f"nft add chain inet t base '{{ type filter hook {hook} priority 0; }}'")
    nft.rule("inet", "t", "sub", ("sysrq", b""))
    good = sh("nft add rule inet t base jump sub; echo $?", check=False).strip()[-1] == "0"
    same(good, hook == "input", f"a jump from {hook} to a chain with it")
    nft.delete("inet", "t")
for kind, hook in (("nat", "input"), ("route", "output")):
    nft.chain("inet" if kind == "nat" else "ip", "t", "c", HOOKS[hook], kind=kind)
    refused(lambda kind=kind: nft.rule("inet" if kind == "nat" else "ip", "t", "c", ("sysrq", b"")),
            EOPNOTSUPP, f"a chain of type {kind}")
    nft.delete("inet" if kind == "nat" else "ip", "t")

# Keys are wiped when the module goes.
with Host() as host:
    secret = host.key.material
sh("sleep 0.5; rmmod nft_sysrq && modprobe nft_sysrq")
same(nl.Genl("nft_sysrq").call(KEY_GET, dump=True), [], "a module loaded anew has no keys")
ok(secret.hex() not in sh("dmesg"), "no key in the log")
done()
