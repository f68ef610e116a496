#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Users without privilege, roots of user namespaces, containers: nothing of ours is theirs.

What a rule of theirs may do is load the module, and no more.
"""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, "/src/selftests/lib")
import nl  # noqa: E402
import srq  # noqa: E402
from host import Host, Log, at_rest, done, ok, same, sh, write  # noqa: E402
from netns import Peer  # noqa: E402

EPERM = 1
OPS = ("new", "set", "del", "get", "list", "stats", "status", "cancel")
RULES = ("ip input", "ip6 input", "inet input", "inet ingress", "netdev ingress")
PLAIN = tuple(f"{where}: counter" for where in RULES)
NOBODY = "setpriv --reuid 65534 --regid 65534 --clear-groups "
OWN = NOBODY + "unshare -Urn "
# Docker's --cap-add NET_ADMIN, without a user namespace.
NET_ADMIN = NOBODY + "--inh-caps +net_admin,+net_raw --ambient-caps +net_admin,+net_raw "

# What somebody tries; how each attempt ends, as JSON: 0, or the errno.
CHILD = r'''
import json, os, socket, sys
sys.path.insert(0, "/src/selftests/lib")
import nl, srq
ended = {}
def tried(what, call):
    try:
        call()
        ended[what] = 0
    except nl.NlError as e:
        ended[what] = e.errno
    except OSError as e:
        ended[what] = e.errno
def family():
    g = nl.Genl("nft_sysrq")
    name, material = nl.attr(1, "ops"), nl.attr(2, bytes(32))
    for what, cmd, parts, dump in (("new", 1, [nl.attr(1, "x"), material], False), ("set", 2, [name, material], False),
            ("del", 3, [name], False), ("get", 4, [name], False), ("list", 4, [], True), ("stats", 5, [], False),
            ("status", 6, [], False), ("cancel", 7, [], False)):
        tried(what, lambda: g.call(cmd, *parts, dump=dump))
    tried("join", lambda: g.join("events"))
    return g
def rules():
    n = nl.Nft()
    for where, family, hook, dev in (("ip input", "ip", 1, b""), ("ip6 input", "ip6", 1, b""), ("inet input", "inet", 1, b""),
            ("inet ingress", "inet", 5, nl.attr(3, "lo")), ("netdev ingress", "netdev", 0, nl.attr(3, "lo"))):
        hooks = nl.nest(4, nl.be32(1, hook), nl.attr(2, b"\0\0\0\0"), dev)
        def rule(name):
            n.batch(family, (n.NEWTABLE, nl.attr(1, "t")),
                    (n.NEWCHAIN, nl.attr(1, "t") + nl.attr(3, "c" + str(hook)) + hooks + nl.attr(7, "filter")))
            n.rule(family, "t", "c" + str(hook), (name, b""))
        tried(where + ": counter", lambda: rule("counter"))
        tried(where, lambda: rule("sysrq"))
'''


def child(prefix, script, **more):
    return subprocess.Popen([*prefix.split(), "python3", "-B", "-c", CHILD + script], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.PIPE, **more)


def ended(prefix, script):
    out, err = child(prefix, script + "\nprint(json.dumps(ended))").communicate(timeout=60)
    return json.loads(out.splitlines()[-1]) if out else err


def loaded():
    return os.path.exists("/sys/module/nft_sysrq")


def all_of(names, errno=EPERM):
    return dict.fromkeys(names, errno)


def module_alone():
    """The module is not there: what brings it, and what then is there."""
    sh("rmmod nft_sysrq")
    got = ended(OWN, "tried('family', lambda: nl.Genl('nft_sysrq'))")
    same((got, loaded()), ({"family": 2}, False), "to ask for the family does not load the module")
    same(ended(NOBODY, "rules()"), all_of(RULES + PLAIN), "who is not privileged may add no rule")
    ok(not loaded(), "nor load the module by it")
    same(ended(OWN, "rules()"), {**all_of(RULES), **all_of(PLAIN, 0)},
         "root of a user namespace: rules, but none with sysrq, at any hook")
    ok(loaded(), "the rule's expression has loaded the module")
    genl = nl.Genl("nft_sysrq")
    status = genl.call(6)[0]
    same((genl.call(4, dump=True), status[5], status[6]), ([], bytes(4), bytes(4)),
         "which has no key, no expression, and does nothing")


def families(host):
    """The netlink family, beside a host in use."""
    same(ended(NOBODY, "family()"), all_of((*OPS, "join")), "who is not privileged: no operation, no events")
    got = ended(OWN, "family()")
    same({op: got.get(op) for op in OPS}, all_of(OPS), "root of a user namespace: no operation")
    got = ended("unshare -Ur ", "family(); rules()")
    same(got, all_of((*OPS, "join", *RULES, *PLAIN)), "the same in the host's own network namespace, by root's own child")
    got = ended(OWN + "unshare -Urn ", "family(); rules()")
    same({what: got.get(what) for what in (*OPS, *RULES)}, all_of((*OPS, *RULES)), "and one deeper")

    got = ended(NET_ADMIN, "family()")
    same({op: n for op, n in got.items() if n}, all_of(("new", "set", "del", "cancel")),
         "a container with CAP_NET_ADMIN alone may look, and change nothing")
    same(sorted(host.keys()), ["ops"], "the key is what it was")
    same(int.from_bytes(host.status()[5], "little"), 1, "one expression is there: the host's own")


def listening(host):
    """Events in a namespace of one's own: none, whatever the host does."""
    ear = child(OWN, "g = nl.Genl('nft_sysrq')\ntried('join', lambda: g.join('events'))\n"
                "print('ready', flush=True)\nsys.stdin.read()\n"
                "print(json.dumps([g.event(0.5) is None, ended['join']]))")
    ear.stdout.readline()
    client = host.client()
    client.run("h")
    host.set_key("ops", letters="hs")
    time.sleep(0.5)
    out = ear.communicate()[0]
    same(json.loads(out)[0], True, "root of a user namespace hears nothing of what the host does")
    # Where it may join the group, that is the group of its own network namespace.
    print(f"# to join there ends with {json.loads(out)[1]}")


def sending(host):
    """Even with the key, a request in a namespace of their own runs nothing."""
    client = host.client()
    client.probe()
    data = [client.make(srq.RUN, "s", wall=wall).seal(host.key).hex() for wall in (False, True)]
    log, before = Log(), at_rest(host.stats())
    script = ("rules()\nos.system('ip link set lo up')\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
              f"for d in {data!r} * 20: tried('send', lambda: s.sendto(bytes.fromhex(d), ('127.0.0.1', 9)))")
    same(ended(OWN, script).get("send"), 0, "a genuine request is sent within such a namespace")
    log.wait("no such line", 0.5)
    same((log.count("sysrq: |nft_sysrq: key"), at_rest(host.stats())), (0, before),
         "nothing runs, nothing is counted")
    same(client.exchange(srq.Request.decode(bytes.fromhex(data[0])), data=bytes.fromhex(data[0])).status_name, "ok",
         "it was genuine: the host itself takes it")


def given_away(host):
    """A network namespace that root made, and a container root in it who owns a user namespace only."""
    with Peer(six=False):
        got = ended("ip netns exec peer " + NOBODY + "unshare -Ur ", "family(); rules()")
    same(got, all_of((*OPS, "join", *RULES, *PLAIN)), "root's network namespace, another's root in it: nothing")
    same(sorted(host.keys()), ["ops"], "the key is what it was")


for path, value in (("/proc/sys/kernel/unprivileged_userns_clone", 1), ("/proc/sys/kernel/sysrq", 1)):
    if os.path.exists(path):
        write(path, value)
module_alone()
with Host(letters="hs") as guest:
    families(guest)
    listening(guest)
    sending(guest)
    given_away(guest)
write("/proc/sys/kernel/sysrq", 438)
done()
