#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""scripts.py [--only REGEX] [--slow] FOLDER: nftables' tests/shell, with the real nft and with ours, in a guest.

Each script runs by itself in new namespaces (network, mounts, processes), as the release's own run-tests.sh
does, once with NFT the real nft and once with NFT the wrapper. Status, output and the ruleset that is left must
be the same. Where they are not, both run again: what differs without the plugin as well is called unstable.
A line for each script that is not simply the same; figures at the end. Exit status: 0 none differs, 1 some do.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

REAL = "/usr/sbin/nft"
SECONDS, SECONDS_SLOW = 90, 1200
SKIPPED = 77
LATE = "time is up"
# In the namespaces: what the script leaves is listed by the real nft, whichever it used.
INSIDE = f"""mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/lock
"$1" </dev/null; rc=$?
{REAL} -s list ruleset >"$2"/left 2>&1
exit $rc"""
# What two runs of the same never have in common.
MASKS = [
    # A script may say what it runs.
    (re.compile(rb"/usr/(local/)?sbin/nft\b"), b"NFT"),
    (re.compile(rb"expires \w+"), b"expires TIME"),
    (re.compile(rb'"expires": \d+'), b'"expires": TIME'),
    (re.compile(rb"(?m)^Command: .*\n"), b""),
    (re.compile(rb"/tmp/nft-corpus\.\w+"), b"TMP"),
    (re.compile(rb"(tmp\.|nft-test\.|/fd/)\w+"), b"TMP"),
    (re.compile(rb"\b\d+(\.\d+)?( ?ms| ?s\b| seconds)"), b"TIME"),
    (re.compile(rb"\bpid \d+|\(pid=\d+\)|line \d+: +\d+ "), b"PID"),
    (re.compile(rb"(?m)^(real|user|sys)\s.*$"), b"TIME"),
    (re.compile(rb"packets \d+ bytes \d+"), b"packets N bytes N"),
]


def run(script, folder, nft, env, seconds):
    """(status, output, ruleset) of one run."""
    tmp = tempfile.mkdtemp(prefix="nft-corpus.")
    more = {"NFT": nft, "NFT_REAL": nft, "NFT_TEST_TESTTMPDIR": tmp, "TMPDIR": tmp}
    try:
        done = subprocess.run(["unshare", "-f", "-n", "-m", "-p", "--mount-proc", "--kill-child",
                               "sh", "-c", INSIDE, "sh", script, tmp], cwd=folder, env={**env, **more},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False)
        status, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        status, output = LATE, late.stdout or b""
    try:
        with open(os.path.join(tmp, "left"), "rb") as file:
            left = file.read()
    except FileNotFoundError:
        left = b"nothing"
    shutil.rmtree(tmp, ignore_errors=True)
    for what, to in MASKS:
        output, left = what.sub(to, output), what.sub(to, left)
    return status, output, left


def features(folder, env):
    """What later releases ask of nft and kernel before they begin: {variable: y or n}."""
    found = {}
    where = os.path.join(folder, "features")
    for name in sorted(os.listdir(where)) if os.path.isdir(where) else []:
        path, (stem, kind) = os.path.join(where, name), os.path.splitext(name)
        command = [REAL, "--check", "-f", path] if kind == ".nft" else [path]
        good = subprocess.run(["unshare", "-f", "-n", "-m", *command], cwd=folder, env={**env, "NFT": REAL},
                              stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0
        found[f"NFT_TEST_HAVE_{stem}"] = "y" if good else "n"
    return found


def lacks(script, have):
    with open(script, encoding="utf-8", errors="replace") as file:
        head = "".join(file.readlines()[:10])
    return [name for name in re.findall(r"NFT_TEST_REQUIRES\((\w+)\)", head) if have.get(name) == "n"]


def is_slow(script):
    with open(script, encoding="utf-8", errors="replace") as file:
        return "NFT_TEST_SKIP(NFT_TEST_SKIP_slow)" in file.read() or "stress" in script


def scripts(folder, only):
    for where, folders, names in os.walk(os.path.join(folder, "testcases")):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(where, name)
            if os.access(path, os.X_OK) and "/dumps" not in where and re.search(only, path):
                yield path


def differences(one, other):
    return [what for what, a, b in zip(("status", "output", "ruleset"), one, other) if a != b]


def judge(script, folder, ours, env, seconds):
    """("same", status), ("late", ""), ("unstable", what) or ("differ", what)."""
    alone = run(script, folder, REAL, env, seconds)
    if alone[0] == LATE:
        return "late", [f"over {seconds} s without the plugin"]
    plugin = run(script, folder, ours, env, seconds)
    if alone == plugin:
        return "same", alone
    again, once_more = run(script, folder, REAL, env, seconds), run(script, folder, ours, env, seconds)
    if plugin in (alone, again) or once_more in (alone, again):
        return "unstable", differences(alone, again) or ["not seen again"]
    if set(differences(alone, plugin)) <= set(differences(alone, again)):
        return "unstable", differences(alone, again)
    for name, text in (("alone", alone), ("plugin", plugin)):
        print(f"# {name}: status {text[0]}\n", text[1].decode(errors="replace")[-1500:], sep="")
    return "differ", differences(alone, plugin)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("folder")
    args = parser.parse_args()
    ours = shutil.which("nft")
    if not ours or os.path.samefile(ours, REAL):
        sys.exit("scripts.py: PATH does not lead to the wrapper")
    env = {**os.environ, "DIFF": "/usr/bin/diff", "NFT_TEST_BASEDIR": args.folder, "NFT_TEST_HAS_REALROOT": "y",
           "NFT_TEST_HAS_UNSHARED": "y", "NFT_TEST_HAS_UNSHARED_MOUNT": "y", "NFT_TEST_HAS_SOCKET_LIMITS": "n",
           "NFT_TEST_RANDOM_SEED": "1", "NFT_TEST_JOBS": "1"}
    have = features(args.folder, env)
    env.update(have)
    count = dict.fromkeys(("passed", "failed", "skipped", "unstable", "late", "differ", "lacking", "slow"), 0)
    for script in scripts(args.folder, args.only):
        name = os.path.relpath(script, args.folder)
        if lacks(script, have):
            count["lacking"] += 1
            continue
        if is_slow(script) and not args.slow:
            count["slow"] += 1
            continue
        verdict, more = judge(script, args.folder, ours, env,
                              SECONDS_SLOW if args.slow else SECONDS)
        if verdict == "same":
            verdict = {0: "passed", SKIPPED: "skipped"}.get(more[0], "failed")
            more = [f"status {more[0]}, with and without"]
        count[verdict] += 1
        if verdict not in ("passed", "skipped"):
            print(f"{verdict}: {name}: {', '.join(more)}", flush=True)
    print(f"the same: {count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped; "
          f"unstable by themselves: {count['unstable']}; left out: {count['slow']} slow, {count['late']} "
          f"that take too long, "
          f"{count['lacking']} for which this kernel or nft lacks something; DIFFERENT: {count['differ']}")
    sys.exit(count["differ"] != 0 or count["passed"] == 0)


if __name__ == "__main__":
    main()
