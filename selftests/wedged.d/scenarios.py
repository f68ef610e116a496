# SPDX-License-Identifier: GPL-2.0-only
"""What a machine in trouble is, here: its name, what it means, how it is known to be in it, and what then
cannot be had. inside.sh brings it about."""
import re
from dataclasses import dataclass, field

# What of h, t, s, u and b is done, and whether each of the three requests is answered.
LETTERS = "htsub"
NEWEST = ("trixie-backports", "forky")  # measured: the former


@dataclass
class Scenario:
    """
    first: the evidence is waited for before anything is asked
    evidence: a line of the kernel's log, or of what inside.sh says, without which the trouble was none;
    lost: letters that are not done, and why; newest: those that newer kernels than 6.12 do not do besides;
    late: those that the console of newer kernels tells of only as the guest is reset;
    silent: letters whose requests get no answer, and why;
    peers: what ssh and sysrqd must give, where that is part of the evidence
    """
    name: str
    about: str
    evidence: str
    lost: dict = field(default_factory=dict)
    silent: dict = field(default_factory=dict)
    newest: dict = field(default_factory=dict)
    late: str = ""
    peers: dict = field(default_factory=dict)
    options: tuple = ()
    settle: float = 3
    first: bool = False
    patience: float = 90  # until a letter's effect is in the log
    untold: bool = False  # that it restarts is not in the log: it does not get out in time
    last: str = "s +1s u +1s b"  # the last request

    def wanted(self, letter, guest):
        """Is it to be done?"""
        return letter not in self.lost and letter not in self.silent and \
            not (letter in self.newest and guest in NEWEST)

    def may_be_late(self, letter, guest):
        """May the log tell of it only as the guest is reset?"""
        return letter in self.late and guest in NEWEST


# s and u only queue a work, and allocate for it; what then becomes of it is the kernel's.
NO_QUEUE = dict.fromkeys("su", "the kernel's workqueue does not run")
NO_ROOM = dict.fromkeys("su", "the kernel allocates for them")
FULL = dict.fromkeys(LETTERS, "conntrack drops every packet of a new connection before hook input")
PANIC = dict.fromkeys(LETTERS, "a panic stops all processors, and takes the interrupts from the last")

ALL = [
    Scenario("healthy", "nothing is wrong (the control: all must work)", r"wedged not at all",
             peers={"ssh": True, "sysrqd": True}),
    Scenario("stopped", "all of userland is stopped (SIGSTOP to every process)",
             r"wedged all of userland", peers={"ssh": False, "sysrqd": False}),
    Scenario("forkbomb", "a fork bomb at the pid limit (600)", r"wedged: fork is refused",
             first=True, patience=240),
    Scenario("oom", "memory exhausted: an OOM storm, no swap",
             r"(?s)(Out of memory: Killed process.*){3}", first=True),
    Scenario("kmalloc", "every allocation of ours fails, and those of SysRq s and u",
             r"(?m)^failed [1-9]", lost=NO_ROOM),
    Scenario("frozen", "the root file system frozen, its device suspended; processes in D state",
             r"task:(sshd|chroot|cat|sh) +state:D", options=("--disk", "DISK:256M"),
             newest=dict.fromkeys("su", "ext4 flushes the device though it is frozen, and waits")),
    Scenario("workqueues", "the system's workqueue stuck: works that wait, on every processor",
             r"in-flight:.*block \[wedge\]|workqueue events.*active=\d{3}", lost=NO_QUEUE, settle=20, patience=240),
    Scenario("spinning-works", "a worker spins on every processor", r"spin \[wedge\]|wedge: 1 works", lost=NO_QUEUE,
             patience=15, late="ht"),
    Scenario("deaf-cpu", "a processor spins with interrupts off; the card's interrupts go to the other",
             r"wedge: processor \d spins", lost=NO_QUEUE),
    Scenario("deaf-card", "a processor spins with interrupts off; the card's interrupts go to it",
             r"wedge: processor \d spins", lost=NO_QUEUE),
    Scenario("realtime", "real-time tasks (SCHED_FIFO 99, not throttled) hog every processor",
             r"wedged: real-time", lost=NO_QUEUE),
    Scenario("logflood", "a log flood, and a console of 115,200 baud", r"the slow console loses lines",
             settle=10, patience=240, untold=True, last="s +10s u +10s b"),
    Scenario("conntrack", "the conntrack table full; the rule at hook input",
             r"nf_conntrack: table full, dropping packet", silent=FULL),
    Scenario("conntrack-notrack", "the same, with a rule that has requests not tracked",
             r"nf_conntrack: table full, dropping packet"),
    Scenario("conntrack-ingress", "the same, with the rule at hook ingress",
             r"nf_conntrack: table full, dropping packet"),
    Scenario("rules", "100,000 rules before ours", r"wedged 1\d{5} rules", options=("--mem", "2048")),
    Scenario("init", "init killed, kernel.panic = 0: a panic, on the processor that has the card's interrupts",
             r"Attempted to kill init!", silent=PANIC),
    Scenario("init-elsewhere", "the same, on the other processor", r"Attempted to kill init!",
             silent=PANIC),
]
BY_NAME = {s.name: s for s in ALL}


def letters(steps):
    """Those of "s +1s u +1s b"."""
    return [word for word in steps.split() if not word.startswith("+")]


def found(scenario, text):
    return re.search(scenario.evidence, text) is not None
