#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Changes the kernel's code in one place at a time; some unit test must see each change.

A change is small: another comparison, the other of two operators, a number that is one more, a
condition that always or never holds, a statement that is left out. What changes nothing that can be
seen is listed in mutants.txt, with the reason; whatever else survives is an error.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent.parent
CORE = TREE / "selftests/core"
KNOWN = HERE / "mutants.txt"

# file: the unit tests that may see a change of it, the quickest first
TESTS = {
    "verify.c": ["verify", "repeats", "keys"],
    "window.c": ["window", "window-marks", "repeats", "keys", "window-model"],
    "window.h": ["window", "window-marks", "repeats", "keys", "window-model"],
    "limit.h": ["limit", "repeats"],
    "letters.c": ["letters", "repeats"],
    "program.c": ["program", "keys", "repeats"],
    "program_claim.c": ["program"],
    "key.c": ["keys", "repeats"],
    "key.h": ["keys", "repeats"],
    "key_change.c": ["keys", "repeats"],
    "wire.h": ["wire", "repeats"],
    "wire.c": ["wire", "repeats"],
    "mac.c": ["mac"],
    "mac.h": ["mac"],
}
LINKED = ["answer", "key", "key_change", "letters", "program", "program_claim", "verify",
          "wire", "mac", "window"]
# The sanitizers see what stays inside the test's own memory by chance, and what leaks.
FLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-O0", "-w", "-fsanitize=address,undefined",
         "-fno-sanitize-recover=all", f"-I{CORE}/kernel", f"-I{CORE}",
         f"-I{TREE}/kernel", f"-I{TREE}/kernel/uapi"]
ARGS = {"wire": [str(TREE / "selftests/vectors/vectors.json")],
        "mac": [str(TREE / "selftests/vectors/vectors.json")], "window-model": ["12"]}

SLOW = 120  # s; no test takes one, but a machine may be busy

SWAPS = [
    (r"(?<![<>=!\-])<(?![<=])", ["<="]), (r"<=", ["<"]),
    (r"(?<![<>=!\-])>(?![>=])", [">="]), (r"(?<![<>-])>=", [">"]),
    (r"==", ["!="]), (r"!=", ["=="]), (r"&&", ["||"]), (r"\|\|", ["&&"]),
    (r"(?<=[\w)\]] )\+(?= )", ["-"]), (r"(?<=[\w)\]] )-(?= )", ["+"]),
    (r"(?<=[\w)\]] )\*(?= )", ["+"]), (r"(?<=[\w)\]] )%(?= )", ["/"]),
    (r"(?<=[\w)\]] )&(?= )", ["|"]), (r"(?<=[\w)\]] )\|(?= )", ["&"]),
    (r"<<(?!=)", [">>"]), (r">>(?!=)", ["<<"]), (r"\^", ["|"]), (r"& ~", ["& "]),
    (r"\+=", ["-="]), (r"(?<!\|)\|=", ["="]), (r"&=", ["="]),
    (r"\+\+", ["--"]), (r"(?<!-)--(?!-)", ["++"]),
    (r"!(?=[\w(])", [""]), (r"\btrue\b", ["false"]), (r"\bfalse\b", ["true"]),
    (r"\bmin\(", ["max("]), (r"\bmax\(", ["min("]), (r"\blater\((?=\w)(?!a|s64)", ["0 + ("]),
    (r"(?<![\w.])(\d+)(?=[UL]*\b)(?!x)", None),
]


def code_lines(text):
    """The lines that are code of a function, by number, without what is said about them."""
    inside = comment = False
    for number, line in enumerate(text.split("\n")):
        bare = re.sub(r"/\*.*?\*/", lambda m: " " * len(m[0]), line)
        if comment:
            comment = "*/" not in line
            continue
        if "/*" in bare:
            comment = True
            continue
        if line.startswith("}"):
            inside = False
        elif line.startswith("{"):
            inside = True
        elif inside or line.startswith("#define NFT_SYSRQ_S") or (line[:1] == "\t" and "{ \"" in line):
            yield number, bare


def spans_of_text(line):
    return [m.span() for m in re.finditer(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'', line)]


def mutants(text):
    """(line number, the line as it becomes) of each change."""
    lines = text.split("\n")
    for number, bare in code_lines(text):
        strings = spans_of_text(bare)
        made = set()
        for pattern, others in SWAPS:
            for match in re.finditer(pattern, bare):
                if any(a <= match.start() < b for a, b in strings):
                    continue
                for other in others or [str(int(match[1]) + 1)]:
                    made.add(bare[:match.start()] + other + bare[match.end():])
        stripped = bare.strip()
        for condition in re.finditer(r"^(\s*(?:\} else )?(?:if|while) )\((.*)\)( \{)?$", bare):
            for value in ("0", "1") if "if" in condition[1] else ("0",):
                made.add(f"{condition[1]}({value}){condition[3] or ''}")
        whole = lines[number - 1].strip()
        if re.fullmatch(r"(\w[\w>.\[\]-]*(\(.*\)| [|&+-]?= .*)|\*\w+ = .*|break|continue|goto \w+|return);",
                        stripped) and (whole == "" or whole[-1] in ";{}:)" or whole.endswith("else")):
            made.add(re.match(r"\s*", bare)[0] + ";")
        value = re.fullmatch(r"(\s*return )([^;]+);", bare)
        if value:
            made.add(f"{value[1]}!({value[2]});")
        for line in sorted(made - {bare}):
            yield number, line


def run(command, **how):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **how)


class Bench:
    """Objects of all that stays as it is; a change is compiled, linked to them and tried."""

    def __init__(self, cc, folder):
        self.cc, self.folder = cc, pathlib.Path(folder)
        tests = sorted({t for names in TESTS.values() for t in names})
        for name in LINKED:
            self.compile(TREE / "kernel" / f"{name}.c", self.folder / f"{name}.o")
        for name in ["stand-in"] + [f"test-{t}" for t in tests]:
            self.compile(CORE / f"{name}.c", self.folder / f"{name}.o")

    def compile(self, source, to, before=()):
        done = run([self.cc, *before, *FLAGS, "-c", source, "-o", to])
        if done.returncode:
            sys.exit(f"mutate: {source}: {done.stderr.decode()}")

    def link_and_run(self, work, changed):
        """The first test that sees it, or None."""
        for test in TESTS[changed]:
            objects = {name: self.folder / f"{name}.o"
                       for name in LINKED + ["stand-in", f"test-{test}"]}
            for path in work.glob("*.o"):
                if path.stem in objects:
                    objects[path.stem] = path
            done = run([self.cc, *objects.values(), "-o", work / "test",
                        "-fsanitize=address,undefined", "-lsodium", "-ljansson"])
            if done.returncode:
                return "linker"
            try:
                if run([work / "test", *ARGS.get(test, [])], timeout=SLOW).returncode:
                    return test
            except subprocess.TimeoutExpired:
                return test + " (hangs)"
        return None

    def try_one(self, changed, number, line):
        """(compiles, the test that sees it)"""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            work = pathlib.Path(folder)
            text = (TREE / "kernel" / changed).read_text().split("\n")
            text[number] = line
            (work / changed).write_text("\n".join(text))
            stem = changed[:-2]
            if changed.endswith(".c"):
                units = [(work / changed, stem)]
            else:
                # A header: all that have it, with the changed one in its place.
                tests = [f"test-{t}" for t in TESTS[changed]]
                units = [(TREE / "kernel/verify.c", "verify")] + [(CORE / f"{t}.c", t) for t in tests]
            for source, name in units:
                if changed.endswith(".h"):
                    copy = work / source.name
                    copy.write_text(source.read_text())
                    source = copy
                if run([self.cc, f"-I{work}", *FLAGS, "-c", source, "-o", work / f"{name}.o"]).returncode:
                    return False, None
            return True, self.link_and_run(work, changed)


def known():
    """What is known to change nothing: FILE: LINE -> CHANGED, without white space before and after."""
    if not KNOWN.exists():
        return set()
    return {line for line in KNOWN.read_text().split("\n") if line and line[0] not in "# "}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("-j", type=int, default=os.cpu_count(), metavar="JOBS")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth change")
    parser.add_argument("--again", type=argparse.FileType(), metavar="OUTPUT",
                        help="only what survived in this output of an earlier run")
    parser.add_argument("files", nargs="*", help=f"of kernel/: {', '.join(TESTS)}; all by default")
    args = parser.parse_args()
    for name in args.files:
        if name not in TESTS:
            parser.error(f"no file {name}: one of {', '.join(TESTS)}")
    again = {re.sub(r"^survives: ([\w.]+):\d+:", r"\1:", line.rstrip("\n"))
             for line in args.again} if args.again else set()
    expected, seen, survivors, killed, refused = known(), set(), [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(os.environ.get("CC", "gcc"), folder)
        jobs = []
        for name in args.files or TESTS:
            text = (TREE / "kernel" / name).read_text()
            changes = list(mutants(text))[::args.every]
            if again:
                lines = text.split("\n")
                changes = [(n, l) for n, l in changes
                           if f"{name}: {lines[n].strip()} -> {l.strip()}" in again]
            jobs += [(name, number, text.split("\n")[number], line) for number, line in changes]
        with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
            for (name, number, was, line), (compiles, by) in zip(
                    jobs, pool.map(lambda j: bench.try_one(j[0], j[1], j[3]), jobs)):
                if not compiles:
                    refused += 1
                elif by:
                    killed += 1
                else:
                    change = f"{name}: {was.strip()} -> {line.strip()}"
                    if change in expected:
                        seen.add(change)
                    else:
                        survivors.append((number, change))
                        print(f"survives: {name}:{number + 1}: {was.strip()} -> {line.strip()}", flush=True)
    files = args.files or list(TESTS)
    stale = [] if args.every > 1 or again else sorted(
        c for c in expected - seen if c.split(":")[0] in files)
    for change in stale:
        print(f"mutants.txt: no longer survives: {change}")
    print(f"{len(jobs)} changes: {killed} seen by a test, {refused} do not compile, "
          f"{len(seen)} known to change nothing, {len(survivors)} survive")
    return 1 if survivors or stale else 0


if __name__ == "__main__":
    sys.exit(main())
