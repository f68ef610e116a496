# SPDX-License-Identifier: GPL-2.0-only
"""Prints this processor's TSC frequency in kHz, for a guest that is emulated: it has the same TSC, but on
a busy machine it measures nonsense (43 MHz for 2,596), and its clock then runs 60 times too fast. Prints
nothing where it cannot tell."""
import ctypes
import mmap
import platform
import statistics
import time

# rdtsc; shl $32, %rdx; or %rdx, %rax; ret
CODE = bytes.fromhex("0f31 48c1e220 4809d0 c3")


def pair(rdtsc):
    """(TSC, ns) of one moment: of several tries the one that took the least time."""
    best = None
    for _ in range(20):
        before, tsc, after = time.monotonic_ns(), rdtsc(), time.monotonic_ns()
        if best is None or after - before < best[0]:
            best = after - before, tsc, (before + after) // 2
    return best[1:]


def main():
    if platform.machine() != "x86_64":
        return
    with mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC) as page:
        page.write(CODE)
        at = ctypes.c_char.from_buffer(page)
        rdtsc = ctypes.CFUNCTYPE(ctypes.c_uint64)(ctypes.addressof(at))
        pairs = []
        for _ in range(6):
            pairs.append(pair(rdtsc))
            time.sleep(0.01)
        del at
    khz = [(b[0] - a[0]) * 1000000 / (b[1] - a[1]) for a, b in zip(pairs, pairs[1:])]
    # What the guest will not believe is better not said: it mends 1 % by itself.
    if max(khz) - min(khz) < 0.01 * statistics.median(khz):
        print(round(statistics.median(khz)))


main()
