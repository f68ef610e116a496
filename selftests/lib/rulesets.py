# SPDX-License-Identifier: GPL-2.0-only
"""Rulesets as firewalls have them, with sysrq somewhere, for cases/guest/reach.py.

Each: name, text for nft. In the text DEV is the interface that requests come in by. A name that ends with
"?" says that even who knows sender and interface cannot tell whether a request gets to the rule; one that begins with "ping", that
requests are pings.
"""

INPUT = "type filter hook input priority 0;"
RULE = "udp dport 9 sysrq drop"
PING = "meta l4proto { icmp, ipv6-icmp } sysrq drop"


def inet(body, before="", more=""):
    """Table inet filter with chain input; @before: other chains and sets, @more: other tables."""
    return f"{more}\ntable inet filter {{\n{before}\nchain input {{\n{INPUT} {body}\n}}\n}}"


def other(body, family="inet", hook="input", priority="-10", kind="filter", sets=""):
    """A table beside inet filter, with one base chain."""
    return (f"\ntable {family} other {{\n{sets}\nchain c {{\n"
            f"type {kind} hook {hook} priority {priority}; {body}\n}}\n}}")


def jumps(body, calls):
    """sysrq in a chain of its own."""
    return inet(calls, before=f"chain srq {{\n{body}\n}}\n")


STATEFUL = """policy drop;
ct state vmap { established : accept, related : accept, invalid : drop }
iifname "lo" accept
icmp type echo-request limit rate 5/second accept
ip6 nexthdr icmpv6 accept
tcp dport { 22, 80, 443 } ct state new accept
"""

# firewalld's, with the names of its zones.
ZONES = """
chain filter_PREROUTING { type filter hook prerouting priority 10; policy accept;
  icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
  meta nfproto ipv6 fib saddr . mark . iif oif missing drop
}
chain filter_INPUT { type filter hook input priority 10; policy accept;
  ct state { established, related } accept
  ct status dnat accept
  iifname "lo" accept
  ct state invalid drop
  jump filter_INPUT_ZONES
  reject with icmpx type admin-prohibited
}
chain filter_INPUT_ZONES { iifname "DEV" goto filter_IN_public
  goto filter_IN_drop
}
chain filter_IN_drop { drop
}
chain filter_IN_public { jump filter_IN_public_pre
  jump filter_IN_public_deny
  jump filter_IN_public_allow
  meta l4proto { icmp, ipv6-icmp } accept
}
chain filter_IN_public_pre {
}
chain filter_IN_public_deny {
}
"""


def firewalld(allow):
    return f"\ntable inet firewalld {{\n{ZONES}\nchain filter_IN_public_allow {{\n{allow}\n}}\n}}"


DOCKER = """table ip nat {
chain DOCKER { iifname "docker0" return
  iifname != "docker0" tcp dport 8080 dnat to 172.17.0.2:80
}
chain PREROUTING { type nat hook prerouting priority -100; policy accept;
  fib daddr type local jump DOCKER
}
chain OUTPUT { type nat hook output priority -100; policy accept;
  ip daddr != 127.0.0.0/8 fib daddr type local jump DOCKER
}
}
table ip dockers {
chain FORWARD { type filter hook forward priority 0; policy drop;
}
}
"""

UFW = """
chain ufw-before-input { iifname "lo" accept
  ct state established,related accept
  ct state invalid jump ufw-logging-deny
  ct state invalid drop
  icmp type echo-request accept
  udp sport 67 udp dport 68 accept
  jump ufw-not-local
  ip daddr 224.0.0.251 udp dport 5353 accept
  jump ufw-user-input
}
chain ufw-not-local { fib daddr type local return
  fib daddr type multicast return
  fib daddr type broadcast return
  limit rate 3/minute burst 10 packets log prefix "[UFW BLOCK] "
  drop
}
chain ufw-logging-deny { ct state invalid limit rate 3/minute return
  limit rate 3/minute log prefix "[UFW BLOCK] "
}
chain ufw-user-input { tcp dport 22 accept
  SRQ
}
chain ufw-after-input { udp dport { 137, 138, 67, 68 } drop
  fib daddr type broadcast drop
}
"""


def ufw(rule, first="jump ufw-before-input", after=""):
    return inet(f"policy drop; {first}\njump ufw-after-input\n{after}", before=UFW.replace("SRQ", rule))


RULESETS = [
    ("alone", inet(RULE)),
    ("bare", inet("sysrq drop")),
    ("stateful, before the end", inet(STATEFUL + RULE)),
    ("stateful, first", inet(RULE + "\npolicy drop; ct state established accept")),
    ("after a drop of all UDP", inet("meta l4proto udp drop\n" + RULE)),
    ("after a drop of all TCP", inet("meta l4proto tcp drop\n" + RULE)),
    ("after accept of the port", inet("udp dport { 9, 53 } accept\n" + RULE)),
    ("after accept of other ports", inet("udp dport { 53, 123 } accept\nudp dport 10-20 drop\n" + RULE)),
    ("after a range with the port", inet("udp dport 1-1023 drop\n" + RULE)),
    ("after a range in a set", inet("udp dport { 1-8, 10-1023 } drop\n" + RULE)),
    ("after a range in a set, with it", inet("udp dport { 5-9, 20-1023 } drop\n" + RULE)),
    ("after a range of sources?", inet("udp sport 1024-65535 jump x\n" + RULE,
                                      before="chain x { udp dport 9 accept\n}")),
    ("after new is dropped", inet("ct state new drop\n" + RULE)),
    ("after all but new is dropped", inet("ct state != new drop\n" + RULE)),
    ("after untracked is dropped", inet("ct state untracked drop\n" + RULE)),
    ("notrack, untracked accepted", inet("ct state untracked accept\n" + RULE) + other(
        "udp dport 9 notrack", hook="prerouting", priority="-300")),
    ("notrack, new dropped", inet("ct state new drop\n" + RULE) + other(
        "udp dport 9 notrack accept", hook="prerouting", priority="-300")),
    ("notrack of others", inet("ct state untracked drop\n" + RULE) + other(
        "udp dport 10 notrack", hook="prerouting", priority="-300")),
    ("only IPv6", inet("meta nfproto ipv6 " + RULE)),
    ("only IPv4, from a network", inet("ip saddr 10.9.0.0/24 " + RULE)),
    ("from another network", inet("ip saddr 10.8.0.0/24 " + RULE)),
    ("from a set of networks", inet("ip saddr { 10.8.0.0/16, 10.9.0.0/28 } " + RULE)),
    ("from a named set", inet("ip saddr @ops " + RULE,
                              before="set ops { type ipv4_addr; elements = { 10.9.0.2, 10.9.0.3 }\n}")),
    ("its interface", inet('iifname "DEV" ' + RULE)),
    ("its interface's number", inet('iif "DEV" ' + RULE)),
    ("another interface", inet('iifname "eth7" ' + RULE)),
    ("interfaces by the beginning", inet('iifname "tow*" accept\n' + RULE)),
    ("blocked networks", inet("ip saddr @block drop\nip6 saddr @block6 drop\n" + RULE, before="""
set block { type ipv4_addr; flags interval; elements = { 10.0.0.0/16, 192.0.2.0/24 }
}
set block6 { type ipv6_addr; flags interval; elements = { fd00::/16, fd09::/64 }
}""")),
    ("another table drops before", inet(RULE) + other("udp dport 9 drop")),
    ("another table drops after", inet(RULE) + other("udp dport 9 drop", priority="10")),
    ("another table accepts before", inet(RULE) + other("udp dport 9 accept")),
    ("another table's policy before", inet(RULE) + other("policy drop; tcp dport 22 accept")),
    ("table ip drops before", inet(RULE) + other("udp dport 9 drop", family="ip")),
    ("table ip6 drops before", inet(RULE) + other("policy drop;", family="ip6")),
    ("of the same priority?", inet(RULE) + other("udp dport 9 drop", priority="0")),
    ("dropped in prerouting", inet(RULE) + other("udp dport 9 drop", hook="prerouting")),
    ("dropped in raw, by IPv4", inet(RULE) + other("udp dport 9 drop", family="ip", hook="prerouting",
                                                   priority="-300")),
    ("dropped at output only", inet(RULE) + other("drop", hook="output")),
    ("dropped at ingress", inet(RULE) + other("udp dport 9 drop", family="netdev",
                                              hook="ingress device DEV")),
    ("ingress of its own", "table netdev n { chain c { type filter hook ingress device DEV priority 0; "
     + RULE + "\n}\n}"),
    ("ingress of the loopback", "table netdev n { chain c { type filter hook ingress device lo priority 0; "
     + RULE + "\n}\n}"),
    ("inet ingress, a drop before", "table inet n { chain c { type filter hook ingress device DEV priority 0; "
     + RULE + "\n}\n}" + other("udp dport 9 drop", family="netdev", hook="ingress device DEV")),
    ("redirected elsewhere", inet(RULE) + other("udp dport 9 redirect to :10", hook="prerouting",
                                                priority="-100", kind="nat")),
    ("redirected but untracked", inet(RULE) + other("udp dport 9 redirect to :10", hook="prerouting",
     priority="-100", kind="nat") + "\ntable inet raw { chain c { type filter hook prerouting "
     "priority -300; udp dport 9 notrack\n}\n}"),
    ("DNAT?", inet(RULE) + other("udp dport 9 dnat to 10.9.0.99", family="ip", hook="prerouting",
                                 priority="-100", kind="nat")),
    ("DNAT of another port", inet(RULE) + other("udp dport 99 dnat to 10.9.0.99", family="ip",
                                                hook="prerouting", priority="-100", kind="nat")),
    ("in a chain, jump", jumps(RULE, "jump srq")),
    ("in a chain, goto", jumps(RULE, "udp dport 1-100 goto srq")),
    ("in a chain, none jumps", jumps(RULE, "accept")),
    ("in a chain, only of TCP", jumps("sysrq drop", "meta l4proto tcp jump srq")),
    ("in a chain, by a map", jumps("sysrq drop", "udp dport vmap { 9 : jump srq, 53 : accept }")),
    ("in a chain, by interface", jumps(RULE, 'iifname vmap { "lo" : accept, "DEV" : jump srq }\ndrop')),
    ("in a chain, by network", jumps(RULE, "ip saddr 10.9.0.0/24 jump srq")),
    ("by a map of intervals", inet("udp dport vmap { 0-8 : drop, 9-20 : jump x, 21-65535 : drop }\n" + RULE,
                                   before="chain x { return\n}")),
    ("by a map of concatenations", inet("meta l4proto . th dport vmap { udp . 9 : jump x, tcp . 9 : drop }\n"
                                        + RULE, before="chain x { tcp sport 1 drop\n}")),
    ("by networks and ports", inet("ip saddr . udp dport { 10.9.0.0/24 . 1-99, 10.8.0.0/24 . 9 } drop\n" + RULE)),
    ("return before", jumps("udp dport 9 return\n" + RULE, "jump srq")),
    ("return of others", jumps("udp dport != 9 return\n" + RULE, "jump srq")),
    ("all but", inet("udp dport != { 9, 53 } drop\n" + RULE)),
    ("mark set, and asked for", inet("meta mark 0x5 " + RULE) + other(
        "udp dport 9 meta mark set 0x5", hook="prerouting")),
    ("mark not set", inet("meta mark 0x5 " + RULE)),
    ("mark set, dropped", inet("meta mark & 0xf == 0x5 drop\n" + RULE) + other(
        "udp dport { 9 } meta mark set 0x15", hook="prerouting")),
    ("TCP before the expression", inet("tcp dport 9 sysrq drop")),
    ("limit before?", inet("udp dport 9 limit rate 100/second accept\n" + RULE)),
    ("log and count before", inet('udp dport 9 counter log prefix "srq " group 3\n' + RULE)),
    ("length of requests dropped", inet("udp length 102 drop\n" + RULE)),
    ("longer ones dropped", inet("meta length > 150 drop\nudp length 200-1500 drop\n" + RULE)),
    ("bits of the payload", inet("@th,64,24 0x535251 drop\n" + RULE)),
    ("fragments and options", inet("ip frag-off & 0x1fff != 0 drop\nexthdr frag exists drop\n" + RULE)),
    ("bogus addresses", inet("ip saddr { 127.0.0.1, 0.0.0.0 } drop\nip daddr 224.0.0.0/4 drop\n"
                             "fib saddr type { broadcast, multicast } drop\n" + RULE)),
    ("to this host only", inet("fib daddr type != local drop\nmeta pkttype != host drop\n" + RULE)),
    ("to its address", inet("ip daddr 10.9.0.1 drop\n" + RULE)),
    ("dormant", "table inet d { flags dormant; chain c { " + INPUT + RULE + "\n}\n}"),
    ("dormant others", inet(RULE) + "\ntable inet d { flags dormant; chain c { type filter hook input "
     "priority -5; drop\n}\n}"),
    ("a queue", inet("udp dport 9 queue num 3 bypass\n" + RULE)),
    ("firewalld", firewalld(RULE)),
    ("firewalld, not allowed", firewalld("tcp dport 22 accept") + inet(RULE).replace("priority 0", "priority 20")),
    ("firewalld, beside", firewalld("tcp dport 22 accept") + inet(RULE)),
    ("ufw", ufw(RULE)),
    ("ufw, at the end", ufw("udp dport 10 accept", after=RULE)),
    ("docker", inet(STATEFUL + RULE, more=DOCKER)),
    ("pings", inet(PING)),
    ("pings, IPv4's accepted before", inet("icmp type echo-request accept\n" + PING)),
    ("pings, answers dropped before", inet("icmp type echo-reply drop\nicmpv6 type echo-reply drop\n"
                                           "ct state != new drop\nudp dport 9 drop\n" + PING)),
    ("pings, by their length", inet("meta length 122 drop\nip6 length 102 accept\n" + PING)),
    ("pings, by type and code", inet("icmpv6 type . icmpv6 code { 128 . 0, 129 . 0 } drop\n" + PING)),
    ("pings, stateful?", inet(STATEFUL + PING)),
]
