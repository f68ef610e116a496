#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""light_vmlinux.py VMLINUZ KALLSYMS VMLINUX: what "crash --minimal" needs to open a dump, without debug symbols.

Its sections are those of the kernel's image (VMLINUZ); its symbols those of /proc/kallsyms as root sees it, in
any boot of that kernel; its types those of the image's own BTF. Needs bpftool, gcc and binutils, and takes
seconds. Variables have no types, so crash without --minimal does not open a dump by it.
"""
import lzma
import re
import struct
import subprocess
import sys
import tempfile

DEBUG = ("info", "abbrev", "str", "line")


def run(*words, **more):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, **more).stdout


def unpack(image):
    """The ELF image in a bzImage: its place and size stand in the header, its last four bytes are the size."""
    begin = (image[0x1f1] + 1) * 512 + struct.unpack_from("<I", image, 0x248)[0]
    payload = image[begin:begin + struct.unpack_from("<I", image, 0x24c)[0] - 4]
    if payload[:4] == b"\xfd7zX":
        return lzma.LZMADecompressor().decompress(payload)
    if payload[:4] == b"\x28\xb5\x2f\xfd":
        return run("zstd", "-dc", input=payload)
    sys.exit("light_vmlinux.py: the kernel is neither in xz nor in zstd")


def sections(vmlinux):
    """(begin, end, name) of those that are in memory."""
    found = re.findall(r"^ *\[ *\d+\] (\S+) +\S+ +([0-9a-f]{16}) +\S+ +([0-9a-f]+) +\S+ +[A-Z]*A[A-Z]* ",
                       run("readelf", "-SW", vmlinux, text=True), re.M)
    return [(int(at, 16), int(at, 16) + int(size, 16), name) for name, at, size in found if int(at, 16)]


def symbols(kallsyms, places):
    """(name, section or None, offset, type); as linked, wherever the kernel was in that boot."""
    with open(kallsyms, encoding="ascii") as file:
        lines = [line.split() for line in file if "[" not in line]
    text = [int(at, 16) for at, _, name in lines if name == "_text"]
    if not text or not text[0]:
        sys.exit("light_vmlinux.py: no addresses in kallsyms: it was not root who read it")
    moved = text[0] - min(begin for begin, _, name in places if name == ".text")
    for at, kind, name in lines:
        # What is below is an offset, of a variable that each processor has.
        where = int(at, 16) - moved if int(at, 16) >= text[0] else int(at, 16)
        for begin, end, section in places:
            if begin <= where < end:
                yield name, section, where - begin, kind
                break
        else:
            yield name, None, where, kind


def add_symbols(found, path):
    with open(path, "w", encoding="ascii") as file:
        for name, section, offset, kind in found:
            what = "function" if kind in "tTwW" else "object"
            where = f"{section}:{offset:#x}" if section else f"{offset:#x}"
            file.write(f"--add-symbol\n{name}={where},{'global' if kind.isupper() else 'local'},{what}\n")


def add_types(vmlinux, work):
    """Arguments of objcopy, for all types of the kernel as debug information."""
    with open(f"{work}/types.c", "wb") as file:
        file.write(run("bpftool", "btf", "dump", "file", vmlinux, "format", "c"))
    run("gcc", "-w", "-g", "-gdwarf-4", "-fno-eliminate-unused-debug-types", f"-fdebug-prefix-map={work}=.",
        "-c", "types.c", "-o", "types.o", cwd=work)
    run("ld", "-e", "0", f"{work}/types.o", "-o", f"{work}/types")
    for part in DEBUG:
        run("objcopy", "-O", "binary", f"--only-section=.debug_{part}", f"--set-section-flags=.debug_{part}=alloc",
            f"{work}/types", f"{work}/{part}")
        yield f"--add-section=.debug_{part}={work}/{part}"


def main(vmlinuz, kallsyms, out):
    with tempfile.TemporaryDirectory() as work:
        vmlinux = f"{work}/vmlinux"
        with open(vmlinuz, "rb") as image, open(vmlinux, "wb") as file:
            file.write(unpack(image.read()))
        add_symbols(symbols(kallsyms, sections(vmlinux)), f"{work}/symbols")
        run("objcopy", f"@{work}/symbols", *add_types(vmlinux, work), vmlinux, out)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
