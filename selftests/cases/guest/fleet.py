#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The tool against the module: requests by ping, settings files, files of hosts, a fleet's key."""
import json
import os
import subprocess
import sys

sys.path.insert(0, "/src/selftests/lib")
from host import Host, Log, done, ok, same, sh, write  # noqa: E402
from netns import Peer, inside  # noqa: E402
from tool import Tool  # noqa: E402

write("/proc/sys/kernel/sysrq", 438)
tool = Tool()
tool.env["XDG_CONFIG_HOME"] = tool.dir
UDP_RULE = ("nft 'delete table inet srqtest; add table inet srqtest; "
            "add chain inet srqtest in { type filter hook input priority 0; }; "
            "add rule inet srqtest in udp dport 9 sysrq drop'")
PING_RULES = ("nft 'add rule inet srqtest in icmp type echo-request sysrq drop; "
              "add rule inet srqtest in icmpv6 type echo-request sysrq drop'")


def ask(command, *args):
    with inside("peer"):
        return tool.run(command, *args)


def file(name, text):
    path = f"{tool.dir}/{name}"
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
    return path


def pings(peer):
    addresses = ("10.9.0.1", "fd09::1", peer.link_local())
    sh(UDP_RULE)
    for address in addresses:
        status = ask("send", "--icmp", "--strict", "--timeout", "1s", address, "h")
        ok(status == 3 and "it answers ping, but not this request" in tool.out,
           f"--icmp, {address}: without the rule, that is said", tool.said())
    sh(PING_RULES)
    for address in addresses:
        log = Log()
        same((ask("send", "--icmp", "--strict", address, "h"), tool.out),
             (0, f"ops@{address}: help accepted; handed to the kernel now\n"),
             f"--icmp, {address}: accepted")
        ok(log.wait("sysrq: HELP") and log.count("sysrq: HELP") == 1, "and run once")
    same(ask("send", "--icmp", "--strict", "10.9.0.1", "e"), 1, "--icmp: refused")
    ok("kernel.sysrq=438 does not allow 'e'" in tool.out, "with the reason", tool.said())
    same(ask("probe", "--icmp", "10.9.0.1"), 0, "--icmp: probe")
    with inside("peer"):
        write("/proc/sys/net/ipv4/ping_group_range", "0 0")
    same(ask("send", "--icmp", "--strict", "10.9.0.1", "h"), 0, "the same by a ping socket")


def settings(peer):
    config = file("config", "Host by-ping\n\tAddress fd09::1\n\tTransport icmp\n"
                  "\tSequence greet h +1s h\n"
                  "Host by-udp\n\tAddress 10.9.0.99 10.9.0.1\n\tPort 9\n"
                  "Host *\n\tPort 4\n")
    status = ask("send", "--strict", "--config", config, "by-ping", "greet")
    ok(status == 0 and "ops@by-ping: help, help accepted" in tool.out,
       "address, transport and sequence from a settings file", tool.said())
    status = ask("send", "--strict", "--config", config, "by-udp", "h")
    ok(status == 0 and tool.out.startswith("ops@by-udp [10.9.0.1]: help accepted"),
       "the second address answers, and that is said", tool.said())
    hosts = file("hosts", f"# three, and one that is none\n10.9.0.1:9\nfd09::1\n[{peer.link_local()}]:9\n"
                 "10.9.0.1:10\n")
    status = ask("send", "--strict", "--timeout", "1s", "--json", "--hosts-file", hosts, "h")
    lines = [json.loads(line) for line in tool.out.splitlines()]
    ok(status == 3 and [line["outcome"] for line in lines[:3]] == ["ok"] * 3 and
       lines[3]["outcome"] == "no-answer" and lines[3]["port_closed"], "a file of hosts",
       tool.said())
    summary = lines[-1]["summary"]
    ok(summary["hosts"] == 4 and summary["ok"] == 3 and
       summary["no_answer_hosts"] == ["10.9.0.1"], "and its summary", summary)


def fleet_key(host):
    """A host's key that is derived from a fleet's, by the tool as by the kernel's user."""
    fleet, own = f"{tool.dir}/fleet.key", f"{tool.dir}/own.key"
    os.umask(0o077)
    with open(fleet, "wb") as out:
        subprocess.run(["sysrqctl", "key", "derive", "--realm", "example.org", "--name", "all",
                        "--stdin"], input=b"correct Horse 7 battery staple\n", stdout=out, check=True)
    with open(own, "wb") as out:
        subprocess.run(["sysrqctl", "key", "derive", "--fleet", fleet, "--host", "web1"],
                       stdout=out, check=True)
    sh(f"sysrqctl key set web1 --file {own} --identity web1")
    config = file("config", "Address 10.9.0.1\n")
    log = Log()
    tool.keyfile = fleet
    status = ask("send", "--strict", "--config", config, "web1.example.org", "h")
    ok(status == 0 and tool.out.startswith("all@web1.example.org: help accepted"),
       "by the fleet's key, whichever of its names the host's is for", tool.said())
    ok(log.wait("sysrq: HELP") and log.count("sysrq: HELP") == 1, "run once")
    same(ask("send", "--strict", "--timeout", "1s", "--config", config, "web2.example.org", "h"), 3,
         "another host's key is none of this one's")
    host.del_key("web1")


with Peer() as other, Host(material=tool.material, wall=0) as server:
    pings(other)
    settings(other)
    fleet_key(server)
write("/proc/sys/kernel/sysrq", 438)
done()
