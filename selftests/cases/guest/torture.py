#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A few thousand of the mutated datagrams and netlink messages that selftests/torture fuzz sends a million of."""
import runpy
import sys

sys.argv[1:] = ["3000", "1000", "1", "300"]
runpy.run_path("/src/selftests/torture.d/fuzz.py", run_name="__main__")
