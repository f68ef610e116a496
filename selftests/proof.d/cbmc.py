#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Proofs by CBMC, and that each of them can fail. Runs where cbmc is; see selftests/proof."""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent.parent
HARNESSES = HERE / "cbmc"

from proofs import PROOFS  # noqa: E402 - beside this file


def call(command, **how):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **how)


def compile_it(harness, defines, instrument, kernel, work):
    includes = [HARNESSES, HARNESSES / "sodium", TREE / "selftests/core/kernel", kernel,
                kernel / "uapi"]
    binary = work / "proof.gb"
    done = call(["goto-cc", *[f"-I{i}" for i in includes], *defines, HARNESSES / harness,
                 "-o", binary])
    if done.returncode == 0 and instrument:
        done = call(["goto-instrument", *instrument, binary, binary])
    return binary, done


def prove(name, kernel, work, cases):
    """(verdict, what cbmc said): SUCCESSFUL if all cases are, FAILED at the first that does, or what went wrong"""
    proof = PROOFS[name]
    for number, defines in enumerate(cases):
        binary, done = compile_it(proof.harness, defines, proof.instrument, kernel, work)
        if done.returncode:
            return "does not compile", done.stdout
        done = call(["cbmc", "--stop-on-fail", "--verbosity", "4", "--trace", *proof.options, binary])
        verdict = re.search(r"^VERIFICATION (\w+)", done.stdout, re.M)
        if not verdict or verdict[1] != "SUCCESSFUL":
            return verdict[1] if verdict else f"ended with {done.returncode}", done.stdout
        if len(cases) > 1:
            print(f"{name}: case {number + 1} of {len(cases)} holds: {' '.join(defines)}", flush=True)
    return "SUCCESSFUL", ""


def violated(said):
    at = re.search(r"Violated property:\n\s+(.*)\n\s+(.*)", said)
    return f"{at[2].strip()} ({at[1].strip()})" if at else "?"


def broken(what, work):
    """A copy of kernel/ with that change."""
    file, text, other = what
    kernel = work / "kernel"
    shutil.rmtree(kernel, ignore_errors=True)
    shutil.copytree(TREE / "kernel", kernel)
    was = (kernel / file).read_text()
    if was.count(text) != 1:
        sys.exit(f"{file}: {was.count(text)} times: {text}")
    (kernel / file).write_text(was.replace(text, other))
    return kernel


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--self-check", action="store_true",
                        help="also break the source, one way after the other: the proof must fail")
    parser.add_argument("--every", type=int, default=1, metavar="N",
                        help="only each Nth case of a proof that has many")
    parser.add_argument("names", nargs="*", metavar="PROOF", help=", ".join(PROOFS))
    args = parser.parse_args()
    for name in args.names:
        if name not in PROOFS:
            parser.error(f"no proof {name}: one of {', '.join(PROOFS)}")
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for name in args.names or PROOFS:
            proof, began = PROOFS[name], time.monotonic()
            cases = proof.cases[::args.every]
            verdict, said = prove(name, TREE / "kernel", work, cases)
            print(f"{name}: {verdict}: {len(cases)} of {len(proof.cases)} cases "
                  f"({time.monotonic() - began:.0f} s)", flush=True)
            if verdict != "SUCCESSFUL":
                bad += 1
                print("\n".join(said.split("\n")[-60:]))
                continue
            for case, *what in proof.breaks if args.self_check else []:
                verdict, said = prove(name, broken(what, work), work, [proof.cases[case]])
                print(f"{name}: with {what[2] or 'nothing'!r} for {what[1]!r}: "
                      f"{violated(said) if verdict == 'FAILED' else verdict}", flush=True)
                bad += verdict != "FAILED"
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
