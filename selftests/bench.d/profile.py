# SPDX-License-Identifier: GPL-2.0-only
"""Where the instructions of a case go.

    profile.py inside FOLDER CASE       in the guest: tells the plugin of QEMU where to count, sends
    profile.py table FOLDER CASE        on this machine: instructions a packet, by function

FOLDER is shared by both; see profile.c. The case "pulse" is no packet: it is what a processor does once a
second, from the timer's function (kernel/pulse.c) to the end of the interrupt, the tasklet among it.
"""
import bisect
import dataclasses
import os
import sys
import time

# From the entry of one function until the other one executes again.
PACKET = "nft_sysrq_eval", "nft_do_chain"
PULSE = "beat_fn", "asm_sysvec_apic_timer_interrupt"
COUNT = 2000
BEATS = 20


def symbols(path):
    """(address, name) of all functions, in order."""
    found = []
    with open(path, encoding="ascii") as file:
        for line in file:
            address, kind, name, *module = line.split()
            if kind in "tTwW":
                found.append((int(address, 16), " ".join([name, *module])))
    return sorted(found)


def count_from_now(folder, way=PACKET):
    """Tells the plugin of QEMU where."""
    with open("/proc/kallsyms", encoding="ascii") as kernel, \
            open(f"{folder}/kallsyms", "w", encoding="ascii") as copy:
        copy.write(kernel.read())
    known = symbols(f"{folder}/kallsyms")
    entry = next(address for address, symbol in known if symbol.split()[0] == way[0])
    start = next(address for address, symbol in known if symbol.split()[0] == way[1])
    end = next(address for address, _ in known if address > start)
    with open(f"{folder}/at.part", "w", encoding="ascii") as file:
        file.write(f"{entry:x} {start:x} {end:x}\n")
    os.rename(f"{folder}/at.part", f"{folder}/at")


def case_of(name):
    """The case of that name; it has a rule of ours."""
    import inside as bench
    case = next((c for c in bench.CASES if c.name == name), None)
    if case is None or case.rule not in (bench.OURS, bench.SILENT):
        sys.exit(f"profile: no case {name} with a rule of ours")
    return dataclasses.replace(case, count=min(case.count, COUNT))


def inside(folder, name):
    if name == "pulse":
        count_from_now(folder, PULSE)
        time.sleep(BEATS)
        return
    import inside as bench
    case, keys = case_of(name), bench.Keys()
    count_from_now(folder)
    bench.ROUNDS = 1
    bench.measure(folder, keys, case, case.rule)


def table(folder, name):
    known = symbols(f"{folder}/kallsyms")
    addresses = [address for address, _ in known]
    totals, entries = {}, 0
    with open(f"{folder}/counts", encoding="ascii") as file:
        for line in file:
            where, *counts = line.split()
            if where == "entries":
                entries = int(counts[0])
                continue
            symbol = known[max(bisect.bisect_right(addresses, int(where, 16)) - 1, 0)][1]
            before = totals.get(symbol, (0,) * len(counts))
            totals[symbol] = tuple(a + int(b) for a, b in zip(before, counts))
    if not entries:
        sys.exit("profile: nothing was counted")
    whole = [sum(counts) / entries for counts in zip(*totals.values())]
    what = "beat" if name == "pulse" else "packet"
    print(f"{name}: {whole[0]:,.0f} instructions a {what}, of {entries}; interrupts included")
    print("                             stores to")
    print("instructions  stack  own processor  other memory")

    def show(counts, symbol):
        count, stack, own, other = counts
        print(f"{count:12,.1f} {stack:6,.1f} {own:14,.1f} {other:13,.1f}  {symbol}")
    for symbol, counts in sorted(totals.items(), key=lambda item: -item[1][0]):
        if max(counts[0] / 10, counts[-1]) / entries >= 0.1:
            show([count / entries for count in counts], symbol)
    show(whole, "all")


if __name__ == "__main__":
    {"inside": inside, "table": table}[sys.argv[1]](*sys.argv[2:])
