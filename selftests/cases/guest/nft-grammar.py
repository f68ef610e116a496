#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Where the word sysrq is a statement, and where a name: as nft's own parser has it.

At each place of some commands nft itself is asked, without the plugin, whether a keyword that is a
statement may stand there (notrack), and whether a name may (zzzzz). With the plugin sysrq must be what fits."""
import ctypes
import json
import os
import re
import subprocess
import sys

COMMANDS = r"""
add rule inet t c udp dport 9 counter packets 1 bytes 2 accept comment "x"
add rule inet t c ip saddr . tcp dport { 1.1.1.1 . 22 } iifname "lo" drop
add rule inet t c iifname . oifname { a . b } meta mark set meta mark and 5 or 6
add rule inet t c ct state vmap { established : accept, invalid : jump d }
add rule inet t c tcp flags & (fin | syn) == syn limit rate over 5/second burst 3 packets
add rule inet t c log prefix "a" level debug
add rule inet t c fib saddr . iif oif missing
add rule inet t c fib daddr oifname a
add rule inet t c osf ttl skip version "a"
add rule inet t c socket cgroupv2 level 2 "a"
add rule inet t c update @s { ip saddr timeout 5s counter } accept
add rule inet t c meter m1 { ip saddr limit rate 3/second }
add rule inet t c meta l4proto udp th dport 9
add rule inet t c ip protocol udp udp dport 9
add rule inet t c counter name a quota name b ct helper set "d"
add rule ip t c tproxy to 127.0.0.1 : 80 accept
add rule ip t c meta mark set ip saddr . tcp dport map @m
add rule arp t c arp saddr ip 1.1.1.1 arp operation request
add rule inet t c ct original ip saddr 1.1.1.1 ct mark set 5
add rule inet t c icmp type { echo-request } icmp code 0
add rule inet t c jump { udp dport 9 accept; counter; }
insert rule inet t c position 5 notrack
add chain inet t c { type filter hook input priority 0; policy accept; counter; }
add set inet t s { type ipv4_addr; flags timeout; elements = { 1.1.1.1 timeout 5s }; }
add element inet t m { 1.1.1.1 : jump a }
add flowtable inet t f { hook ingress priority 0; devices = { a }; }
list chain inet t c
table inet t {\n\tset s {\n\t\ttype ipv4_addr\n\t}\n\tchain c {\n\t\tpolicy drop;\n\t\tudp dport 9 accept\n\t\tjump d\n\t}\n}
""".strip().splitlines()
TOKEN = re.compile(r'"[^"]*"|[\w./-]+|\S')
# Taken by the grammar, refused for their meaning as any name would be: there sysrq may be either.
MEANINGLESS = ("No symbol type", "terminal statement", "rate format", "integer", "boolean", "range 0-",
               "base", "transport protocol match", "invalid expression", "icmp code", "Can't parse")


def serve(library):
    lib = ctypes.CDLL(library)
    lib.nft_ctx_new.restype = ctypes.c_void_p
    lib.nft_ctx_get_error_buffer.restype = ctypes.c_char_p
    ctx = ctypes.c_void_p(lib.nft_ctx_new(0))
    lib.nft_ctx_buffer_output(ctx)
    lib.nft_ctx_buffer_error(ctx)
    lib.nft_ctx_set_dry_run(ctx, True)
    for line in sys.stdin:
        status = lib.nft_run_cmd_from_buffer(ctx, json.loads(line).encode())
        said = lib.nft_ctx_get_error_buffer(ctx).decode(errors="replace")
        print(json.dumps([status, said]), flush=True)


class Nft:
    """libnftables in a process of its own: nft 1.0.6 has assertions that fail on odd rules."""

    def __init__(self, library):
        self.library = library
        self.start()

    def start(self):
        self.process = subprocess.Popen([sys.executable, __file__, self.library], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)

    def run(self, text):
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if answer:
            return tuple(json.loads(answer))
        self.start()
        return None, "aborted"


def places(text):
    """What stands before and behind each place between words, and in place of each word."""
    spans = [m.span() for m in TOKEN.finditer(text)]
    for begin, end in spans:
        yield text[:begin], " " + text[begin:]
        yield text[:begin], text[end:]
    yield text + " ", ""


def parses(said):
    return "syntax error" not in said and "unexpected" not in said


def check(real, plugin, before, behind):
    """None: nft takes neither there. Else what is wrong, or ''."""
    as_statement = parses(real.run(before + "notrack" + behind)[1])
    named = real.run(before + "zzzzz" + behind)[1]
    as_name = parses(named)
    if not as_statement and not as_name or behind.lstrip().startswith(("group", "level", "prefix")):
        return None
    text = before + "sysrq" + behind
    got = plugin.run(text)
    if as_statement and not as_name:
        return "" if parses(got[1]) and "sysrq key" not in got[1] else f"no statement: {text!r}: {got[1]}"
    if as_name and not as_statement:
        if any(words in named for words in MEANINGLESS):
            return None
        want = real.run(text)
        return "" if got == want else f"no name: {text!r}: {got[1]} but {want[1]}"
    return "" if parses(got[1]) else f"neither: {text!r}: {got[1]}"


def main():
    wrapper = subprocess.run(["sh", "-c", "command -v nft"], capture_output=True, text=True).stdout.strip()
    library = re.search("^plugin=(.*)$", open(wrapper).read(), re.M).group(1)
    real, plugin = Nft("libnftables.so.1"), Nft(library)
    for number, command in enumerate(COMMANDS, 1):
        results = [check(real, plugin, *place) for place in places(command.replace(r"\n", "\n").replace(r"\t", "\t"))]
        wrong = [r for r in results if r]
        good = results.count("")
        print(f"{'not ok' if wrong or not good else 'ok'} {number} - {command[:60]}: {good} places")
        for text in wrong:
            print("# " + text.replace("\n", "\n# "))
    print(f"1..{len(COMMANDS)}")


if len(sys.argv) > 1:
    serve(sys.argv[1])
else:
    os.environ.pop("LD_PRELOAD", None)
    if "NFT_SYSRQ_NS" not in os.environ:
        os.environ["NFT_SYSRQ_NS"] = "1"
        os.execvp("unshare", ["unshare", "-n", sys.executable, __file__])
    main()
