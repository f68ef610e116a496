#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Inside a guest: mutated datagrams and netlink messages: fuzz.py DATAGRAMS MESSAGES SEED [SECONDS]

Prints TAP, and what was sent. The kernel log is judged by who runs the guest.
"""
import collections
import json
import subprocess
import sys
import time

sys.path[:0] = ["/src/selftests/lib", "/src/selftests/torture.d"]
import lanes  # noqa: E402
import nl  # noqa: E402
from ear import Ear, Listening  # noqa: E402
from host import KEY_SET, done, ok, same, sh, write  # noqa: E402

SENDERS = 2
SERVED = 16 * SENDERS  # by each lane, over IPv4 and IPv6, by UDP and by ping
MESSAGES = "/usr/lib/nft-sysrq-tests/torture-netlink"
# What comes of any few thousand; of a million everything does.
OFTEN = {"fragment", "address", "length", "magic", "version", "header", "key-unknown", "admission", "mac", "malformed",
         "stale-limited", "stale-epoch", "seen-limited", "run", "probe", "refused-key", "transport",
         "key-other", "reply-sent", "steps"}
ALL = 500000
CHAINS = ("add table inet t; add chain inet t in { type filter hook input priority 0; }; "
          "add chain inet t early { type filter hook ingress device lo priority 0; }; add chain inet t sub; "
          "add chain inet t out { type filter hook output priority 0; }; add table ip t; "
          "add chain ip t in { type filter hook input priority 0; }; "
          "add chain ip t out { type filter hook output priority 0; }; add table ip6 t; "
          "add chain ip6 t in { type filter hook input priority 0; }; add table netdev t; "
          "add chain netdev t early { type filter hook ingress device lo priority 0; }; add table bridge t; "
          "add chain bridge t in { type filter hook input priority 0; }")


def told(senders):
    total = collections.Counter()
    for sender in senders:
        total.update(sender.wait())
    return total


def judge_datagrams(keys, got, stats, packets, count):
    same(got["sent"], count, f"{count} datagrams are sent")
    same(got["unfounded"], 0, "no answer but to whom has a key")
    verdicts = sum(n for name, n in stats.items() if name not in lanes.ASIDE)
    same(verdicts, packets, f"each of {packets} packets that came to a rule is counted, once")
    ok(got["refused"] < count // 10, f"all but {got['refused']} frames are taken", dict(got))
    # A reply that fails takes luck, and "busy" many processors that start programs at the same moment.
    missing = {name for name, n in stats.items() if not n} - {"reply-failed", "busy"}
    if count < ALL:
        missing &= OFTEN
    same(missing, set(), "everything that can become of a datagram has become of some")
    same((got["served"], got["repeated"]), (SERVED, SERVED),
         f"{SERVED} genuine requests by every lane run, and are told so when they come again")
    names = keys.names()
    same(sorted(set(names)), sorted(f"torture{n}" for n in range(lanes.KEYS)), "the keys are those that there were")


def at_the_end(keys):
    """Genuine requests, once more, with nothing between them: what has run is counted."""
    keys.cancel()
    time.sleep(2)
    ear, before, seed = Ear(), keys.stats(), time.time_ns() % 2 ** 32
    with Listening(ear):
        got = told([lanes.Sender(0, seed + i, 60, lanes.SET * i) for i in range(SENDERS)])
        time.sleep(1)
    after = keys.stats()
    same((got["served"], after["run"] - before["run"], after["steps"] - before["steps"]), (SERVED,) * 3,
         f"at the end {SERVED} genuine requests are answered, and run, once each")
    ok(ear.lost or [letters for nonce, letters in ear.steps.items()] == ["7"] * SERVED, "each by its nonce",
       dict(ear.steps))


def datagrams(count, seed, seconds):
    keys = lanes.Keys()
    keys.put_all()
    # Somebody who has joined, and takes his time: events are made, and soon there is no room for them.
    slow = nl.Genl("nft_sysrq")
    slow.join("events")
    with lanes.Lanes(SENDERS) as road:
        time.sleep(3.5)  # from then on the keys take the wall clock
        before, began = keys.stats(), time.monotonic()
        shares = [count // SENDERS] * (SENDERS - 1)
        shares.append(count - sum(shares))
        got = told([lanes.Sender(share, seed + i, seconds, lanes.SET * i) for i, share in enumerate(shares)])
        slow.sock.close()
        after = keys.stats()
        stats = {name: after[name] - before[name] for name in after}
        print(f"# {got['sent']} datagrams in {time.monotonic() - began:.0f} s: {dict(got)}")
        print(f"# counted: {stats}", flush=True)
        judge_datagrams(keys, got, stats, road.packets(), count)
        at_the_end(keys)
        keys.put(3, KEY_SET, letters="0")
        ok("torture3" in keys.names(), "a key can be set")
    keys.delete_all()
    same(keys.names(), [], "and all deleted")


def messages(count, seed, seconds):
    sh("ip netns add fuzzed && ip -n fuzzed link set lo up")
    subprocess.run(["ip", "netns", "exec", "fuzzed", "nft", "-f", "-"], input=CHAINS, text=True, check=True)
    began = time.monotonic()
    out = subprocess.run(["ip", "netns", "exec", "fuzzed", MESSAGES, str(count), str(seed), str(seconds)], text=True,
                         check=True, stdout=subprocess.PIPE).stdout
    got = json.loads(out)
    print(f"# {got['messages'] + got['rules']} messages in {time.monotonic() - began:.0f} s: {got}", flush=True)
    ok(got["messages"] + got["rules"] >= count, f"{count} messages are sent: {got['messages']} to the family, "
       f"{got['rules']} rules in {got['batches']} batches", got)
    least = count // 20
    ok(got["obeyed"] > least and got["refused"] > least and got["answers"] > least and got["events"],
       "the family obeys some and refuses others", got)
    ok(got["rules_obeyed"] > least and got["rules_refused"] > least and got["rules_listed"], "so do rules", got)
    same(got["told"], 0, "no key material comes back")
    ok(got["keys_most"] <= 10000 and not got["left"], f"at most {got['keys_most']} keys at once, none is left", got)
    ok(got["keys_work"] and got["rules_work"], "keys and rules can be set", got)
    sh("ip netns del fuzzed")


def unloads():
    """Nothing holds the module that should not."""
    for _ in range(100):
        if sh("rmmod nft_sysrq 2>&1; echo $?", check=False).strip() == "0":
            sh("modprobe nft_sysrq")
            return True
        time.sleep(0.2)
    return False


def main(count, rules, seed, seconds):
    write("/proc/sys/kernel/sysrq", lanes.MASK)
    with open("/proc/sys/kernel/printk", encoding="ascii") as printk:
        loglevel = printk.read().strip()
    if count:
        datagrams(count, seed, seconds)
    if rules:
        messages(rules, seed, seconds)
    ok(unloads(), "nothing holds the module any more")
    same(nl.Genl("nft_sysrq").call(4, dump=True), [], "loaded anew it has no keys")
    write("/proc/sys/kernel/printk", loglevel)
    write("/proc/sys/kernel/sysrq", 438)
    done()


if __name__ == "__main__":
    main(*(int(arg) for arg in (sys.argv[1:] + ["7200"])[:4]))
