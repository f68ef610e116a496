# SPDX-License-Identifier: GPL-2.0-only
"""What becomes of a packet's cost when several processors have packets at a time.

    scale.py inside FOLDER CASE CPUS    in the guest: a flood on each of its processors
    scale.py table FOLDER CASE CPUS     on this machine: a line of a table

The plugin of QEMU counts the instructions from the expression's entry to its return, and notes which
processors store to which line of the cache meanwhile; see profile.c.
"""
import subprocess
import sys

import profile


def inside(folder, name, cpus):
    import inside as bench
    case, keys = profile.case_of(name), bench.Keys()
    if case.room():
        sys.exit(f"scale: {name} is accepted")
    bench.install(case.rule)
    lines = keys.senders(1)
    profile.count_from_now(folder)
    floods = [subprocess.Popen(["taskset", "-c", str(cpu), f"{folder}/bench-send", "127.0.0.1", case.kind,
                                str(case.size), str(case.count), "0", "1"], stdin=subprocess.PIPE, text=True,
                               stdout=subprocess.DEVNULL) for cpu in range(int(cpus))]
    # All of them wait for their keys.
    for flood in floods:
        flood.stdin.write(lines)
    for flood in floods:
        flood.stdin.close()
    if any([flood.wait() for flood in floods]):
        sys.exit("scale: a flood ended")
    keys.drop()


def table(folder, name, cpus):
    stores, shared = 0, []
    with open(f"{folder}/counts", encoding="ascii") as file:
        _, passages, instructions, interrupted = file.readline().split()
        for line in file:
            _, address, count, mask = line.split()
            stores += int(count)
            if int(mask, 16) & (int(mask, 16) - 1):
                shared.append((int(count), address))
    if not int(passages):
        sys.exit("scale: nothing was counted")
    print(f"| {name} | {cpus} | {int(passages):,} | {int(instructions) / int(passages):,.1f} | "
          f"{stores / int(passages):.2f} | {len(shared)} |")
    for count, address in sorted(shared, reverse=True):
        print(f"# line {address}: {count / int(passages):.2f} stores a packet, by several processors")
    if int(interrupted) > int(passages):
        sys.exit(f"scale: {interrupted} packets were interrupted")


if __name__ == "__main__":
    {"inside": inside, "table": table}[sys.argv[1]](*sys.argv[2:])
