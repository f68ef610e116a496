# SPDX-License-Identifier: GPL-2.0-only
"""Each guest in each kind of trouble, one after the other; see ../wedged --help."""
import argparse
import signal
import sys
import time

import outside
import report
import scenarios


def faults(scenario, result):
    """What is not as it should be, in words."""
    found = []
    if not result["evidence"]:
        found.append("no evidence that the machine was in that state")
    for name, want in scenario.peers.items():
        if result.get(name, want) != want:
            found.append(f"{name} {'works' if result[name] else 'does not work'}")
    for steps, seconds in result["answers"].items():
        silent = steps[-1] in scenario.silent
        if (seconds is None) != silent:
            found.append(f"'{steps}' is {'not ' if seconds is None else ''}answered")
    for letter in scenarios.LETTERS:
        if (letter in result["done"]) != scenario.wanted(letter, result["guest"]):
            found.append(f"{letter} is {'' if letter in result['done'] else 'not '}done")
        if letter in result["late"] and not scenario.may_be_late(letter, result["guest"]):
            found.append(f"{letter} is told of only as the guest ends")
    return found


def stamp(text):
    print(time.strftime("#  %H:%M:%S ") + text, flush=True)


def main():
    parser = argparse.ArgumentParser(prog="wedged", usage="see selftests/wedged --help")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--sender")
    parser.add_argument("--guest", action="append", default=[], help="NAME=FOLDER of its tools")
    parser.add_argument("scenario", nargs="*")
    args = parser.parse_args()
    if args.list:
        for s in scenarios.ALL:
            print(f"{s.name:18} {s.about}")
        return 0
    for name in args.scenario:
        if name not in scenarios.BY_NAME:
            print(f"wedged: no scenario '{name}'; --list tells them", file=sys.stderr)
            return 2
    # A guest is ended by its owner, also when that is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    status = bad = count = 0
    for guest in args.guest:
        name, _, tools = guest.partition("=")
        for scenario in [scenarios.BY_NAME[n] for n in args.scenario] or scenarios.ALL:
            count += 1
            print(f"# {name}: {scenario.name}: {scenario.about}", flush=True)
            try:
                result = outside.measure(name, scenario, tools, args.sender, stamp,
                                         not args.alone)
            except outside.Trouble as trouble:
                print(f"not ok {count} - {name} {scenario.name}: not brought about\n{trouble}", flush=True)
                status, bad = 3, bad + 1
                continue
            wrong = faults(scenario, result)
            text = f"{name} {scenario.name}: {report.in_words(result)}"
            print(f"not ok {count} - {text}\n# {'; '.join(wrong)}" if wrong else f"ok {count} - {text}",
                  flush=True)
            bad += bool(wrong)
            if args.record:
                report.keep(result)
    if args.record:
        report.write()
    print(f"1..{count}\n{count - bad} passed, {bad} failed")
    return status or bool(bad)


sys.exit(main())
