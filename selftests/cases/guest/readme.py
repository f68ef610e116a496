#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""README.md: each command that it shows is run, here or by another test, which is named; one that is in
neither list is a failure."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../lib"))
import document  # noqa: E402
from host import done, ok, same, sh  # noqa: E402

# Where a command is run otherwise, and a word of how.
ELSEWHERE = {
    "selftests/demo": ("selftests/demo", "sub"),
    "selftests/check": (".ci/run", "selftests/check"),
    "sysrqctl send web1 sub": ("selftests/cases/outside/reboot", "s"),
    "sysrqctl send --key ops.key 127.0.0.1 sub": ("selftests/demo", "send --key"),
    "sysrqctl probe --key ops.key 127.0.0.1": ("selftests/demo", "probe --key"),
    "sysrqctl key set ops --file /mnt/share/ops.key": ("selftests/demo", "key set ops --file"),
    "packaging/build": ("selftests/lib/packages-inside.sh", "packaging/build"),
    "apt install linux-headers-amd64 ./packages/{nft-sysrq-dkms,sysrqctl,nft-plugin-sysrq}_*.deb":
        ("selftests/lib/packages-inside.sh", "get install $(debs"),
    "make -C kernel": ("selftests/lib/build-inside.sh", "make"),
    "meson setup build && ninja -C build": ("selftests/cases/host/userspace", "build"),
    "ninja -C build install": ("selftests/cases/host/install", "install"),
    "systemctl enable nftables": ("selftests/cases/outside/service", "nftables"),
    "systemctl enable sysrq-keys": ("selftests/cases/outside/service", "sysrq-keys"),
    "systemctl enable sysrq-arm": ("selftests/cases/outside/service", "sysrq-arm"),
    # What doctor prints, its own test runs.
    "sysrqctl doctor": ("selftests/cases/guest/doctor.sh", "doctor"),
}
PASSPHRASE = "a passphrase of several words\n"
RULE = "nft add rule inet filter input udp dport 9 sysrq drop"
# Prompt, command, exit status; what is typed if it asks.
HERE = [
    ("$", "sysrqctl key gen > ops.key", 0),
    ("web1#", "sysrqctl key set ops --file ops.key", 0),
    ("web1#", RULE, 0),
    ("web1#", "nft list ruleset", 0),
    ("$", "sysrqctl send --key ops.key web1 c", 1),
    ("$", "sysrqctl send --key ops.key web2 b", 3),
    ("$", "sysrqctl send --key ops.key --after 5m web1 b", 0),
    ("$", "sysrqctl cancel --key ops.key web1", 0),
    ("$", "sysrqctl key derive --realm example.org > fleet.key", 0, PASSPHRASE),
    ("$", "sysrqctl key derive --fleet fleet.key --host web1 > web1.key", 0),
    ("$", "sysrqctl key export --qr web1.key", 0, ""),
    ("web1#", "nft add rule inet filter input icmp type echo-request sysrq drop", 0),
]
# Of what is told in full: what web2 is, and until when, differs.
COMPARED = {"nft list ruleset", "sysrqctl send --key ops.key web1 c", "sysrqctl cancel --key ops.key web1",
            "sysrqctl send --key ops.key --after 5m web1 b"}

with open("/src/README.md", encoding="utf-8") as file:
    text = file.read()
steps = document.sessions(text)
shown = {command for _, command, _ in steps} | set(document.indented(text))
said = {command: lines for _, command, lines in steps}
known = set(ELSEWHERE) | {step[1] for step in HERE}
same(sorted(shown - known), [], "each command is known to be run somewhere")
same(sorted(known - shown), [], "each that is run is shown")
for command, (where, word) in ELSEWHERE.items():
    with open(f"/src/{where}", encoding="utf-8") as file:
        ok(word in file.read(), f"{where} runs: {command}")

os.chdir("/root")
with document.setting():
    sh("nft add table inet filter; nft 'add chain inet filter input { type filter hook input priority 0; }'; "
       "echo 10.9.0.99 web2 >>/etc/netns/peer/hosts")
    for prompt, command, status, *keys in HERE:
        if keys:
            same(document.typed(prompt, command, keys[0]), status, f"{prompt} {command}")
            continue
        got = document.run(prompt, command)
        ok(got.returncode == status, f"{prompt} {command}", f"{got.returncode}: {got.stdout}")
        if command in COMPARED:
            # A session goes on with an empty line.
            want = "\n".join(said[command]).split("\n\n", maxsplit=1)[0].splitlines()
            ok(document.shape(got.stdout.splitlines()) == document.shape(want), "it says what stands there", got.stdout)
done()
