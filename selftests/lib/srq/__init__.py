# SPDX-License-Identifier: GPL-2.0-only
"""The protocol of docs/protocol.md once more, in Python, from the document.

Tests ask it what our C code should do, and attack hosts with it. It shares no
line with the C code, and needs nothing but Python's standard library.
"""
from .client import Client, Unbelievable, believe
from .echo import EchoClient
from .keys import Key, hmac_sha256, siphash24
from .wire import (CANCEL, DGRAM_LEN, PROBE, REASONS, RUN, STATUSES, TYPES, Reply, Request,
                   format_steps, open_reply, parse_steps, wait_code, wait_ms)

__all__ = [
    "CANCEL", "Client", "DGRAM_LEN", "EchoClient", "Key", "PROBE", "REASONS", "RUN", "Reply", "Request",
    "STATUSES", "TYPES", "Unbelievable", "believe", "format_steps", "hmac_sha256",
    "open_reply", "parse_steps", "siphash24", "wait_code", "wait_ms",
]
