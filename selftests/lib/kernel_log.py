# SPDX-License-Identifier: GPL-2.0-only
"""What a kernel log says about the kernel's health."""

import re

# What no test may cause unannounced. Text of the kernels 6.1 to 7.x.
COMPLAINTS = re.compile(
    r"""\bBUG:|\bkernel\ BUG\ at|\bOops\b|\bKernel\ panic
    |WARNING:\ (?:CPU:|.*\ at\ |possible|suspicious|inconsistent|bad\ unlock|.*lock|Nested)
    |INFO:\ (?:possible|suspicious|inconsistent|trying\ to\ register|HARDIRQ|SOFTIRQ)
    |INFO:\ (?:task\ .*\ blocked|rcu)|rcu:?.*\b(?:stall|self-detected|kthread\ starved)
    |general\ protection|unable\ to\ handle|double\ fault|\bstack\ guard\ page
    |\b(?:KASAN|KCSAN|KMSAN|UBSAN|ODEBUG|DEBUG_LOCKS_WARN_ON)\b:?
    |refcount_t:|list_(?:add|del)\ corruption|\b(?:soft|hard)\ lockup|hard\ LOCKUP
    |scheduling\ while\ atomic|sleeping\ function\ called|Bad\ page\ (?:state|map)
    |kmemleak:.*new\ suspected|unregister_netdevice:\ waiting|NETDEV\ WATCHDOG
    |\bUnknown\ symbol|disagrees\ about\ version|invalid\ opcode""",
    re.VERBOSE,
)


RACE = re.compile(r"BUG: KCSAN: ")
RACE_END = re.compile(r"={40}|Kernel panic")


def others_race(lines, number):
    """Is it a data race that the module has no part in? The kernel has many of its own."""
    if not RACE.search(lines[number]):
        return False
    for line in lines[number:]:
        if "nft_sysrq" in line:
            return False
        if RACE_END.search(line):
            return True
    return False


def judge(lines, expected):
    """Judges the log of one boot. Returns (first complaint's index or None, set of patterns seen).

    An expected line excuses itself and what follows it in that boot.
    """
    seen = set()
    complaint = None
    for number, line in enumerate(lines):
        seen.update(e for e in expected if e.search(line))
        if complaint is None and not seen and COMPLAINTS.search(line) and not others_race(lines, number):
            complaint = number
    return complaint, seen


def around(lines, number):
    """The lines a reader needs to understand the complaint at number."""
    return lines[max(0, number - 8) : number + 50]
