# SPDX-License-Identifier: GPL-2.0-only
"""Inside a guest that counts instructions as nanoseconds: what a packet costs, case by case.

    inside.py FOLDER [CASE]...

FOLDER has bench-send, and xt_SYSRQ.ko if the peer is to be measured. Output: a JSON object a line,
{"case": ..., "cost": ..., "way": ..., "spread": ...}: instructions a packet, less what the same datagrams
cost at the floor; all of them; by what part of that the rounds differ.
"""
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../lib"))
import figures  # noqa: E402
import host  # noqa: E402
import nl  # noqa: E402

TABLE = "bench"
# What nothing matches is dropped by the chain's policy, so that a rule is all that is between two cases.
FLOOR = "udp dport 9 drop"
OURS = "udp dport 9 sysrq drop"
SILENT = "udp dport 9 sysrq silent drop"
PEER = "peer"
WINDOW = 4096
ROUNDS = 3


@dataclass(frozen=True)
class Case:
    """Datagrams of a kind and size, against a rule, with so many keys set besides the sender's."""
    name: str
    kind: str
    size: int
    rule: str
    floor: str = FLOOR
    count: int = 20000
    keys: int = 0
    stat: str = ""      # the counter that all of them must go to
    six: bool = False   # by IPv6

    def room(self):
        """Windows' entries that are taken: probes may fill half of one."""
        return {"probe": WINDOW // 2, "dry": WINDOW // 2, "cancel": WINDOW, "run": WINDOW}.get(self.kind)


def lengths():
    for size, count in ((8, 20000), (93, 20000), (95, 20000), (1472, 20000), (65507, 1000)):
        yield Case(f"length-{size}", "noise", size, OURS, count=count, stat="length")


CASES = (
    # What any rule costs: one more plain match that fails, and the rule of the floor itself.
    Case("plain-match", "noise", 94, "udp dport 9 udp length 7 drop"),
    *lengths(),
    Case("no-magic", "noise", 94, OURS, stat="magic"),
    Case("unknown-id-1", "unknown", 94, OURS, stat="key-unknown"),
    Case("unknown-id-1000", "unknown", 94, OURS, keys=999, stat="key-unknown"),
    Case("unknown-id-10000", "unknown", 94, OURS, keys=9999, stat="key-unknown"),
    Case("forged-tags", "forged", 94, OURS, stat="admission"),
    Case("changed-hmac", "changed", 94, OURS, stat="admission"),
    # One tag wrong in its first byte, its last, or all: report.py compares them.
    *(Case(f"{tag}-{which}", f"{tag}-{which}", 94, OURS, stat=stat)
      for tag, stat in (("tag", "admission"), ("mac", "mac")) for which in ("first", "last", "all")),
    Case("repeated", "replay", 94, OURS),
    Case("probe-silent", "probe", 94, SILENT, stat="probe"),
    Case("dry-run-silent", "dry", 94, SILENT, stat="probe"),
    Case("cancel-silent", "cancel", 94, SILENT, stat="nothing"),
    Case("run-silent", "run", 94, SILENT, stat="run"),
    Case("probe-answered", "probe", 94, OURS, stat="probe"),
    Case("no-magic-6", "noise", 94, OURS, stat="magic", six=True),
    Case("forged-tags-6", "forged", 94, OURS, stat="admission", six=True),
    Case("probe-silent-6", "probe", 94, SILENT, stat="probe", six=True),
    Case("echo-answered", "echo", 102, "icmp type echo-request accept",
         floor="icmp type echo-request drop"),
    Case("peer-8", "noise", 8, PEER),
    Case("peer-forged", "peers", 64, PEER),
    Case("peer-1472", "peers", 1472, PEER),
    Case("peer-65507", "peers", 65507, PEER, count=50),
)


def peer_rule():
    """udp dport 9, then the target SYSRQ, as iptables-nft writes it, but for its counter."""
    nft = nl.Nft()
    equal = lambda value: nl.be32(1, 1) + nl.be32(2, 0) + nl.nest(3, nl.attr(1, value))  # noqa: E731
    exprs = (("meta", nl.be32(1, 1) + nl.be32(2, 16)), ("cmp", equal(b"\x11")),
             ("payload", nl.be32(1, 1) + nl.be32(2, 2) + nl.be32(3, 2) + nl.be32(4, 2)),
             ("cmp", equal(b"\0\x09")),
             ("target", nl.attr(1, "SYSRQ") + nl.be32(2, 1) + nl.attr(3, b"")))
    elems = b"".join(nl.nest(1, nl.attr(1, name), nl.nest(2, data)) for name, data in exprs)
    nft.batch("ip", (nft.NEWRULE, nl.attr(1, TABLE) + nl.attr(2, "in") + nl.nest(4, elems) +
                     nl.nest(5, nl.be32(1, 17), nl.be32(2, 0))))


def install(rule, family="ip"):
    text = "" if rule == PEER else rule
    subprocess.run(["nft", "-f", "-"], check=True, text=True, input=f"""
        table {family} {TABLE}
        delete table {family} {TABLE}
        table {family} {TABLE} {{
            chain in {{
                type filter hook input priority 0; policy drop
                {text}
            }}
        }}
        """)
    if rule == PEER:
        peer_rule()


class Keys:
    """Keys of the guest: what the sender gets, and a crowd."""

    def __init__(self):
        self.genl = nl.Genl("nft_sysrq")
        self.names = []

    def add(self, name, window):
        material = os.urandom(32)
        self.genl.call(host.KEY_NEW, nl.attr(host.NAME, name), nl.attr(host.MATERIAL, material),
                       nl.u32(host.WINDOW, window))
        self.names.append(name)
        return material

    def crowd(self, count):
        for i in range(count):
            self.add(f"crowd{i}", 64)

    def drop(self):
        for name in self.names:
            self.genl.call(host.KEY_DEL, nl.attr(host.NAME, name))
        self.names = []

    def senders(self, count):
        """Lines for bench-send: material and epoch."""
        lines = ""
        for i in range(count):
            name = f"sender{i}"
            material = self.add(name, WINDOW)
            got = self.genl.call(host.KEY_GET, nl.attr(host.NAME, name))[0]
            epoch = int.from_bytes(got[host.EPOCH], sys.byteorder)
            lines += f"{material.hex()} {epoch:016x}\n"
        return lines

    def stat(self, name):
        if not name:
            return 0
        got = self.genl.call(host.STATS_GET)[0]
        return int.from_bytes(got[host.STATS.index(name) + 1], sys.byteorder)


def send(folder, case, lines, rounds, warmup):
    out = subprocess.run([f"{folder}/bench-send", "::1" if case.six else "127.0.0.1", case.kind, str(case.size), str(case.count),
                          str(warmup), str(rounds)], check=True, text=True, input=lines,
                         stdout=subprocess.PIPE).stdout
    return [int(ns) / int(n) for ns, n in (line.split() for line in out.splitlines())]


def steady(folder, keys, case, rule):
    """Rounds that agree. What else the guest had to do, as a kernel may after its start, is over by then."""
    for _ in range(3):
        costs = measure(folder, keys, case, rule)
        if spread(case, costs) <= 0.001:
            break
    return costs


def measure(folder, keys, case, rule):
    """Instructions a packet, of each round."""
    install(rule, "ip6" if case.six else "ip")
    room, warmup = case.room(), min(case.count, 1000)
    keys.crowd(case.keys)
    try:
        costs = []
        # Requests that are accepted fill windows: keys of their own for each round.
        rounds = 1 if room else ROUNDS
        for _ in range(ROUNDS // rounds):
            need = -(-(case.count + warmup) // room) if room else 1
            lines = keys.senders(need)
            before = keys.stat(case.stat if rule == case.rule else "")
            costs += send(folder, case, lines, rounds, warmup)
            sent = case.count * rounds + warmup
            got = keys.stat(case.stat if rule == case.rule else "") - before
            if case.stat and rule == case.rule and got != sent:
                sys.exit(f"bench: {case.name}: {got} of {sent} counted as {case.stat}")
            for name in [name for name in keys.names if name.startswith("sender")]:
                keys.genl.call(host.KEY_DEL, nl.attr(host.NAME, name))
                keys.names.remove(name)
        return costs
    finally:
        keys.drop()
        # Of so many keys that are gone, what they may have accepted keeps new ones waiting so long.
        if case.kind in ("run", "cancel") and rule == case.rule:
            time.sleep(21)


def spread(case, *rounds):
    """By what part of the way rounds differ. Of what is answered now and then, nothing can be said."""
    return 0 if case.kind == "replay" else max((max(r) - min(r)) / min(r) for r in rounds)


def main(folder, names):
    unknown = set(names) - {case.name for case in CASES}
    if unknown:
        sys.exit(f"bench: no case {', '.join(sorted(unknown))}")
    print(json.dumps({"kernel": os.uname().release}), flush=True)
    peer = os.path.exists(f"{folder}/xt_SYSRQ.ko")
    wanted = [c for c in CASES if (not names or c.name in names) and (peer or c.rule != PEER)]
    if peer:
        host.sh(f"modprobe -a x_tables nft_compat sha1_generic; insmod {folder}/xt_SYSRQ.ko")
        host.write("/sys/module/xt_SYSRQ/parameters/password", "a password")
    keys, floors = Keys(), {}
    time.sleep(2)
    for case in wanted:
        at = (case.floor, case.kind == "echo", case.size, case.count, case.six)
        if at not in floors:
            plain = Case("floor", "echo" if case.kind == "echo" else "noise", case.size,
                         case.floor, count=case.count, six=case.six)
            floors[at] = steady(folder, keys, plain, case.floor)
        costs, floor = steady(folder, keys, case, case.rule), floors[at]
        way = sum(costs) / len(costs)
        print(json.dumps({"case": case.name, "cost": round(way - sum(floor) / len(floor), 1),
                          "way": round(way, 1), "spread": round(spread(case, costs, floor), 5)}),
              flush=True)
    if not names:
        others(folder, keys)


def others(folder, keys):
    """What no flood tells."""
    install(SILENT)
    probes = Case("compressions", "probe", 94, SILENT, count=1000, stat="probe")

    def genuine():
        send(folder, probes, keys.senders(1), 1, 0)
        return probes.count
    for part in (figures.compressions(genuine), figures.many_keys(keys), figures.first_step()):
        for figure in part:
            print(json.dumps(figure), flush=True)
        install(SILENT)
        keys.drop()
    host.sh(f"nft delete table ip {TABLE}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
