#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""key export --qr: what is drawn, read as ISO/IEC 18004 says, is the key file.

No error correction: nothing is wrong on a screen. Level L, byte mode, as it is made.
"""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../selftests/lib"))
from tap import done, ok  # noqa: E402

TOOL = sys.argv[1]
MARGIN = 2
# Level L: version: (error correction codewords of a block, blocks)
BLOCKS = {5: (26, 1), 6: (18, 2), 7: (20, 2), 8: (24, 2), 9: (30, 2), 10: (18, 4), 11: (20, 4),
          12: (24, 4), 13: (26, 4), 14: (30, 4), 15: (22, 6), 16: (24, 6)}
MASKS = [lambda r, c: (r + c) % 2, lambda r, c: r % 2, lambda r, c: c % 3,
         lambda r, c: (r + c) % 3, lambda r, c: (r // 2 + c // 3) % 2,
         lambda r, c: r * c % 2 + r * c % 3, lambda r, c: (r * c % 2 + r * c % 3) % 2,
         lambda r, c: ((r + c) % 2 + r * c % 3) % 2]


def modules(text):
    """The picture's rows of 0 and 1, without the margin."""
    rows = []
    for line in text.splitlines():
        assert line.startswith("\x1b[38;5;16;48;5;231m") and line.endswith("\x1b[0m"), line
        cells = line.split("m", 1)[1][:-len("\x1b[0m")]
        rows.append([int(c in "▀█") for c in cells])
        rows.append([int(c in "▄█") for c in cells])
    width = len(rows[0])
    rows = rows[:width]
    assert all(len(row) == width for row in rows)
    rim = [rows[y][x] for y in range(width) for x in range(width)
           if min(x, y, width - 1 - x, width - 1 - y) < MARGIN]
    assert not any(rim), "the margin is light"
    return [row[MARGIN:-MARGIN] for row in rows[MARGIN:-MARGIN]]


def alignment(version):
    number = version // 7 + 2
    step = (version * 4 + number * 2 + 1) // (number * 2 - 2) * 2
    return [6] + [version * 4 + 10 - i * step for i in range(number - 1)][::-1]


def reserved(version):
    """Where no data is."""
    size = 17 + 4 * version
    taken = {(r, c) for r in range(9) for c in range(9)}
    taken |= {(r, c) for r in range(9) for c in range(size - 8, size)}
    taken |= {(c, r) for r, c in taken}
    taken |= {(6, i) for i in range(size)} | {(i, 6) for i in range(size)}
    places = alignment(version)
    for r in places:
        for c in places:
            if (r, c) not in ((6, 6), (6, size - 7), (size - 7, 6)):
                taken |= {(r + i, c + j) for i in range(-2, 3) for j in range(-2, 3)}
    if version >= 7:
        taken |= {(r, c) for r in range(6) for c in range(size - 11, size - 8)}
        taken |= {(c, r) for r in range(6) for c in range(size - 11, size - 8)}
    return taken


def codewords(grid, version, mask):
    size, taken, bits = len(grid), reserved(version), []
    columns = [c for c in range(size - 1, 6, -2)] + [5, 3, 1]
    for turn, right in enumerate(columns):
        rows = range(size) if turn % 2 else range(size - 1, -1, -1)
        for r in rows:
            for c in (right, right - 1):
                if (r, c) not in taken:
                    bits.append(grid[r][c] ^ (MASKS[mask](r, c) == 0))
    return [int("".join(map(str, bits[i:i + 8])), 2) for i in range(0, len(bits) - 7, 8)]


def decode(grid):
    version = (len(grid) - 17) // 4
    places = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    word = int("".join(str(grid[r][c]) for r, c in places), 2) ^ 0x5412
    level, mask = word >> 13, word >> 10 & 7
    assert level == 1, "level L"
    words = codewords(grid, version, mask)
    ecc, blocks = BLOCKS[version]
    data = len(words) - ecc * blocks
    short = data // blocks
    parts = [[] for _ in range(blocks)]
    place = 0
    for i in range(short + 1):
        for b in range(blocks):
            # The later blocks are one longer.
            if i < short or b >= blocks - data % blocks:
                parts[b].append(words[place])
                place += 1
    bits = "".join(f"{w:08b}" for part in parts for w in part)
    assert bits[:4] == "0100", "byte mode"
    width = 8 if version < 10 else 16
    size = int(bits[4:4 + width], 2)
    start = 4 + width
    return bytes(int(bits[start + 8 * i:start + 8 * i + 8], 2) for i in range(size)).decode()


def run(*words, **more):
    return subprocess.run((TOOL, "key", "export") + words, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, **more)


def on_terminal(path, lines, columns):
    """(exit status, what the terminal got)"""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    with subprocess.Popen((TOOL, "key", "export", "--qr", path), stdout=inner,
                          stderr=subprocess.PIPE) as process:
        os.close(inner)
        got = b""
        try:
            while (data := os.read(outer, 65536)):
                got += data
        except OSError:
            pass
        errors = process.stderr.read().decode()
    os.close(outer)
    return process.returncode, got.decode().replace("\r\n", "\n"), errors


def main():
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "web1.key")
    os.umask(0o077)
    for more in ("", "identity: web1.example.org\nallow: hsubtw\nexpires: @1900000000\n",
                 "identity: " + "x" * 253 + "\n", "identity: " + "y" * 150 + "\n"):
        text = subprocess.run((TOOL, "key", "gen", "--name", "web1"), stdout=subprocess.PIPE,
                              check=True, text=True).stdout
        head, key = text.split("key: ", 1)
        with open(path, "w", encoding="ascii") as file:
            # Comments are not worth a camera's time.
            file.write((head + more + "key: " + key).replace("\n", "\n# a comment\n", 1))
        got = run("--qr", "--force", path)
        grid = modules(got.stdout)
        ok(decode(grid) == head + more + "key: " + key,
           f"{len(head + more + key)} bytes, version {(len(grid) - 17) // 4}", got)

    got = run("--qr", path)
    ok(got.returncode == 2 and not got.stdout and "no terminal" in got.stderr,
       "not to a file unasked", got)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    status, out, err = on_terminal(path, 24, 80)
    ok(status == 0 and decode(modules(out)) == text, "a key fits a terminal of 80x24", (out, err))
    for lines, columns in ((23, 80), (24, 40)):
        status, out, err = on_terminal(path, lines, columns)
        ok(status == 2 and not out and f"has {columns} columns and {lines} lines" in err,
           f"but not {columns}x{lines}", (out, err))
    os.chmod(path, 0o644)
    got = run("--qr", "--force", path)
    ok(got.returncode == 2 and not got.stdout and "chmod 600" in got.stderr,
       "a file that others may read is refused", got)
    os.remove(path)
    os.rmdir(folder)
    done()


main()
