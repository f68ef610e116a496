#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the package beside it: python3 srq.py --help"""
import sys

# The package srq/ is found before this file, which has the same name.
from srq.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
