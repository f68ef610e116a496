# SPDX-License-Identifier: GPL-2.0-only
"""What inside.py measured, as a table or as JSON, and compared with what is recorded.

    report.py table|json RECORDED GUEST.out...      RECORDED may be empty
"""
import json
import sys

# Of the way as a whole: how well a figure is repeatable.
REPEATABLE = 0.001
GROWTH = 1.03
# What fails by the same tag costs the same, wherever the tag is wrong: within so many instructions. A comparison
# that ends at the first difference would tell them apart by more.
ALIKE = [[f"{tag}-{which}" for which in ("first", "last", "all")] for tag in ("tag", "mac")]
DIFFER = 2


def load(path):
    """{"kernel": ..., "cases": {name: {...}}} of a guest."""
    found = {"cases": {}}
    with open(path, encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            if "case" in entry:
                found["cases"][entry.pop("case")] = entry
            elif "figure" in entry:
                found.setdefault("figures", {})[entry.pop("figure")] = entry
            else:
                found.update(entry)
    return found


def complaints(guests, recorded):
    """What is wrong, in words."""
    for guest, found in guests.items():
        if not found["cases"]:
            yield f"{guest}: nothing was measured"
        for group in ALIKE:
            costs = [found["cases"][name]["cost"] for name in group if name in found["cases"]]
            if costs and max(costs) - min(costs) > DIFFER:
                yield f"{guest}: {', '.join(group)} differ: {costs} instructions"
        old = recorded.get(guest, {}).get("cases", {})
        if recorded and not old.keys() & found["cases"].keys():
            yield f"{guest}: none of these cases is recorded"
        for name, case in found["cases"].items():
            if case.get("spread", 0) > REPEATABLE:
                yield f"{guest}: {name}: rounds differ by {case['spread']:.2%}"
            if name in old and case["cost"] > old[name]["cost"] * GROWTH + case.get("way", 0) * REPEATABLE:
                yield (f"{guest}: {name}: {case['cost']:,.0f} instructions, "
                       f"recorded are {old[name]['cost']:,.0f}")
        old = recorded.get(guest, {}).get("figures", {})
        for name, figure in found.get("figures", {}).items():
            # One more of a unit is what a small count may be off by.
            if name in old and figure["value"] > old[name]["value"] * GROWTH + 1:
                yield f"{guest}: {name}: {figure['value']:,.1f}, recorded is {old[name]['value']:,.1f} {figure['unit']}"


def table(guests, recorded):
    for guest, found in guests.items():
        print(f"{guest}: Linux {found['kernel']}, instructions a packet")
        old = recorded.get(guest, {}).get("cases", {})
        for name, case in found["cases"].items():
            was = f"  recorded {old[name]['cost']:+9,.0f}" if name in old else ""
            print(f"  {name:18} {case['cost']:+11,.0f}  of {case['way']:11,.0f}{was}")
        for name, figure in found.get("figures", {}).items():
            print(f"  {name:18} {figure['value']:11,.1f}  {figure['unit']}")


def main(form, path, *outs):
    recorded = {}
    if path:
        with open(path, encoding="utf-8") as file:
            recorded = json.load(file)
    guests = {out.rsplit(".", 1)[0]: load(out) for out in outs}
    if form == "json":
        print(json.dumps(guests, indent=1))
    else:
        table(guests, recorded)
    wrong = list(complaints(guests, recorded))
    for line in wrong:
        print(f"bench: {line}", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
