# SPDX-License-Identifier: GPL-2.0-only
"""Lanes: TAP devices by which torture-datagrams sends, their rules, and the keys that its senders have.

lane N has this host's 10.9.N.1 and fd09:N::1; N % 4 says where its rules are:
0 hook input; 1 netdev ingress; 2 inet ingress; 3 hook input, where what is accepted goes on to the stack.
"""
import contextlib
import hashlib
import json
import os
import re
import subprocess
import time

import nl
from host import (KEY_DEL, KEY_GET, KEY_NEW, KEY_SET, MATERIAL, NAME, PROGRAM_CANCEL, STATS, STATS_GET, STATUS_GET,
                  key_settings, sh, write)

DATAGRAMS = "/usr/lib/nft-sysrq-tests/torture-datagrams"
GENUINE = "/tmp/torture-genuine"  # what all senders have sent
SET = 4  # lanes of one sender
KEYS, CLEAN = 16, 15
DIGITS = "0123456789h"
# Digits, and the help that comes with anything: whatever a key may allow, no other letter runs.
MASK = 2
ASIDE = ("reply-sent", "reply-failed", "steps")


def material(number):
    return hashlib.sha256(f"torture {number}".encode()).digest()


def settings(number):
    """What is special about key @number."""
    usual = {"identity": "torture", "letters": DIGITS, "tolerance": 3000, "window": 4096}
    special = {8: {"window": 16}, 9: {"letters": DIGITS + "abcdefghijklmnopqrstuvwxyzZRSD"}, 10: {"wall": 0},
               11: {"expires": int(time.time()) + 2}, 13: {"tolerance": 3600000, "window": 64}, 14: {"letters": "012"}}
    return {**usual, **special.get(number, {})}


class Keys:
    """The keys of torture-datagrams, in this network namespace. Number 12 is one that is replaced."""

    def __init__(self):
        self.genl = nl.Genl("nft_sysrq")

    def put(self, number, cmd=KEY_NEW, name=None, **more):
        self.genl.call(cmd, nl.attr(NAME, name or f"torture{number}"), nl.attr(MATERIAL, material(number)),
                       *key_settings(**{**settings(number), **more}))

    def put_all(self):
        for number in range(KEYS):
            self.put(number)
        self.genl.call(KEY_SET, nl.attr(NAME, "torture12"), nl.attr(MATERIAL, material("after 12")),
                       *key_settings(overlap=3600))

    def names(self):
        return [nl.text(key[NAME]) for key in self.genl.call(KEY_GET, dump=True)]

    def delete_all(self):
        for name in set(self.names()):
            self.genl.call(KEY_DEL, nl.attr(NAME, name))

    def stats(self):
        got = self.genl.call(STATS_GET)[0]
        return {name: int.from_bytes(got[i + 1], "little") for i, name in enumerate(STATS)}

    def exprs(self):
        """Expressions of rules, once what was deleted is gone."""
        for _ in range(100):
            number = int.from_bytes(self.genl.call(STATUS_GET)[0][5], "little")
            if not number:
                break
            time.sleep(0.1)
        return number

    def cancel(self):
        try:
            self.genl.call(PROGRAM_CANCEL)
        except nl.NlError:
            pass


def make_device(number):
    sh("modprobe -q tun", check=False)
    name, mac = f"lane{number}", f"02:09:00:00:01:{number:02x}"
    sh(f"ip tuntap add dev {name} mode tap vnet_hdr && ip link set {name} address 02:09:00:00:00:{number:02x} && "
       f"ip addr add 10.9.{number}.1/24 dev {name} && ip link set {name} up && "
       f"ip -6 addr add fd09:{number:x}::1/64 dev {name} nodad && "
       f"ip neigh add 10.9.{number}.2 lladdr {mac} dev {name} nud permanent && "
       f"ip neigh add fd09:{number:x}::2 lladdr {mac} dev {name} nud permanent")
    # What a host can be told to let in, it lets in.
    for what in ("rp_filter", "accept_source_route", "accept_local"):
        write(f"/proc/sys/net/ipv4/conf/{name}/{what}", {"rp_filter": 0}.get(what, 1))


def rules(first):
    """The rules of a set of lanes: (family, chain, text)"""
    return (("inet", f"in{first}", f'iifname "lane{first}" ct state invalid counter'),
            ("inet", f"in{first}", f'iifname "lane{first}" counter name c{first} sysrq drop'),
            ("inet", f"in{first}", f'iifname "lane{first + 3}" counter name c{first + 3} sysrq key "torture3" silent drop'),
            ("inet", f"in{first}", f'iifname "lane{first + 3}" counter name d{first + 3} sysrq meta mark set 9 accept'),
            ("inet", f"early{first}", f"counter name c{first + 2} sysrq drop"),
            ("netdev", f"early{first}", f"counter name c{first + 1} sysrq drop"))


def nft(*lines):
    done = subprocess.run(["nft", "-f", "-"], input="\n".join(lines), text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        raise RuntimeError(done.stdout)


def add_rules(first):
    nft(*(f"add rule {family} lanes {chain} {text}" for family, chain, text in rules(first)))


class Lanes:
    """The lanes of @sets senders while this is entered, with their rules, or with chains for them only."""

    def __init__(self, sets=1, empty=False):
        self.sets, self.empty = [SET * i for i in range(sets)], empty

    def __enter__(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(GENUINE)
        for what in ("rp_filter", "log_martians"):
            write(f"/proc/sys/net/ipv4/conf/all/{what}", 0)
        write("/proc/sys/net/ipv4/conf/all/accept_source_route", 1)
        for first in self.sets:
            for number in range(first, first + SET):
                make_device(number)
        # What no rule of ours has taken goes no further.
        nft("add table inet lanes", "add table netdev lanes",
            "add chain inet lanes last { type filter hook input priority 10; }",
            'add rule inet lanes last iifname "lane*" meta mark != 9 drop')
        for first in self.sets:
            self.chains(first)
            if not self.empty:
                add_rules(first)
        return self

    def chains(self, first):
        nft(f"add chain inet lanes in{first} {{ type filter hook input priority 0; }}",
            f"add chain inet lanes early{first} {{ type filter hook ingress device lane{first + 2} priority 0; }}",
            f"add chain netdev lanes early{first} {{ type filter hook ingress device lane{first + 1} priority 0; }}",
            f"add counter inet lanes c{first}", f"add counter inet lanes c{first + 2}",
            f"add counter inet lanes c{first + 3}", f"add counter inet lanes d{first + 3}",
            f"add counter netdev lanes c{first + 1}")

    def __exit__(self, *_):
        sh("nft delete table inet lanes; nft delete table netdev lanes", check=False)
        for first in self.sets:
            for number in range(first, first + SET):
                sh(f"ip link del lane{number}", check=False)

    def packets(self):
        """That the rules have met."""
        text = sh("nft list counters table inet lanes; nft list counters table netdev lanes")
        return sum(int(n) for n in re.findall(r"packets (\d+)", text))


class Sender:
    """torture-datagrams, once started; .wait() gives what it tells."""

    def __init__(self, count, seed, seconds, first, nice=0):
        self.process = subprocess.Popen(["nice", "-n", str(nice), DATAGRAMS, str(count), str(seed), str(seconds),
                                         str(first)], text=True, stdout=subprocess.PIPE)

    def stop(self):
        self.process.terminate()
        return self.wait()

    def wait(self):
        out = self.process.communicate()[0]
        return json.loads(out) if out else {"status": self.process.returncode}
