# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's own netlink client (ynl) on our specification, inside a guest; see selftests/build."""
import os
import subprocess
import sys

import yaml

HOME = "/usr/lib/ynl"
SPEC = "/src/docs/netlink/nft_sysrq.yaml"
CLI = f"{HOME}/tools/net/ynl/cli.py"
SCHEMA = f"{HOME}/Documentation/netlink/genetlink-c.yaml"

# Its own, much faster where the C library's parser is there; what they read is the same.
FAST = 'yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)'

sys.dont_write_bytecode = True
sys.path.insert(0, f"{HOME}/tools/net/ynl")
exec(FAST)
from lib import NlError, YnlFamily  # noqa: E402

with open(SPEC, encoding="utf-8") as spec_file:
    spec = yaml.safe_load(spec_file)
attributes = {s["name"]: {a["name"]: a for a in s["attributes"]} for s in spec["attribute-sets"]}
operations = {op["name"]: op for op in spec["operations"]["list"]}


def family():
    return YnlFamily(SPEC, SCHEMA)


def control():
    """The family that tells of all families."""
    return YnlFamily(f"{HOME}/Documentation/netlink/specs/nlctrl.yaml", "")


def constant(value):
    """A bound of the specification: a number, or the name of a definition."""
    if isinstance(value, int):
        return value
    return [d["value"] for d in spec["definitions"] if d["name"] == value][0]


def bounds(attr):
    """Least and greatest value or length, as the specification says; None: as the type does."""
    checks = {name: constant(value) for name, value in attr.get("checks", {}).items()}
    exact = checks.get("exact-len")
    return {"min": checks.get("min", 0), "max": checks.get("max"),
            "min-len": exact or checks.get("min-len", 0), "max-len": exact or checks.get("max-len")}


def outcome(call, *args):
    """What a call gives, or (errno, text, attribute) of its refusal; an attribute that is missing
    has a ! in front."""
    try:
        return call(*args)
    except NlError as e:
        extack = e.nl_msg.extack or {}
        missing = extack.get("miss-type")
        return (e.error, extack.get("msg"),
                "!" + missing if missing else extack.get("bad-attr", "").lstrip("."))


def cli(*args):
    """The command line: its status and output. The specification is checked against the kernel's schema elsewhere."""
    start = f"import runpy, sys, yaml; {FAST}; del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
    run = subprocess.run([sys.executable, "-B", "-c", start, CLI, "--spec", SPEC, "--no-schema", *args],
                         env=dict(os.environ, PYTHONPATH=os.path.dirname(CLI)),
                         text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.returncode, run.stdout
