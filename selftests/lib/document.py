# SPDX-License-Identifier: GPL-2.0-only
"""Commands that documents show, taken out of them and run, in a guest that is called web1 and a namespace that
sends to it (netns.Peer)."""
import contextlib
import ctypes
import json
import os
import pty
import re
import struct
import subprocess

import host
import netns


def clock_is_not_synchronised():
    """As after a boot, whatever was done to it since: struct timex of adjtimex(2), ADJ_STATUS, STA_UNSYNC."""
    timex = struct.pack("=I4xqqqqi", 0x10, 0, 0, 0, 0, 0x40).ljust(512, b"\0")
    if ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(timex)) < 0:
        raise OSError("adjtimex")


@contextlib.contextmanager
def setting():
    """What documents are about: web1 is this host, as the peer calls it, without keys and rules. As before, then."""
    clock_is_not_synchronised()
    name, mask = os.uname().nodename, host.sh("sysctl -n kernel.sysrq").strip()
    host.sh("mkdir -p /etc/netns/peer && echo '10.9.0.1 web1' >/etc/netns/peer/hosts && hostname web1; "
            "nft flush ruleset; sysctl -qw kernel.sysrq=438; rm -rf /etc/sysrq /root/.config/sysrqctl")
    try:
        with netns.Peer():
            yield
    finally:
        for key in json.loads(host.sh("sysrqctl key list --json")):
            host.sh(f"sysrqctl key del {key['name']}", check=False)
        host.sh(f"sysrqctl disarm; nft flush ruleset; hostname {name}; sysctl -qw kernel.sysrq={mask}; "
                "rm -rf /etc/sysrq /root/.config/sysrqctl /root/.config/sysrq")


def sessions(text):
    """[(prompt, command, [line that it says])...] of all fenced blocks: prompts are $ and web1#."""
    found = []
    for block in re.findall(r"^```\n(.*?)^```$", text, re.M | re.S):
        for line in block.splitlines():
            prompt = re.match(r"(web1#|\$) (.*)", line)
            if prompt:
                found.append((prompt[1], prompt[2], []))
            elif found:
                found[-1][2].append(line)
    return found


def indented(text):
    """Lines of indented blocks, without what is said of them."""
    return [re.sub(r"\s+# .*", "", line).strip() for line in re.findall(r"^ {4}(.*)$", re.sub(
        r"^```\n.*?^```$", "", text, flags=re.M | re.S), re.M)]


def shape(lines):
    """What may differ is left out: numbers, and how long they are."""
    return [re.sub(r"\bN( N)+", "N", re.sub(r"\s+", " ", re.sub(r"\d+(\.\d+)?( ?(ms|s|min|h)\b)?", "N", line))).strip()
            for line in lines]


def place(prompt):
    return ["ip", "netns", "exec", "peer"] if prompt == "$" else []


def run(prompt, command):
    """What came of it, as subprocess tells."""
    return subprocess.run([*place(prompt), "sh", "-c", command], text=True, stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "HOME": "/root"})


def typed(prompt, command, text):
    """Exit status, at a terminal where @text is typed whenever something is asked."""
    pid, fd = pty.fork()
    if not pid:
        argv = [*place(prompt), "sh", "-c", command]
        os.execvp(argv[0], argv)
    said = b""
    while True:
        try:
            got = os.read(fd, 4096)
        except OSError:
            got = b""
        if not got:
            break
        said += got
        if said.rstrip().endswith(b":"):
            os.write(fd, text.encode())
            said = b""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
