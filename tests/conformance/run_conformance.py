#!/usr/bin/env python3
"""Runs a corpus of recorded AWS behaviour against a live Pawl, and holds every group to what it has reached before.

    run_conformance.py SUITE [--raise]

SUITE is a folder with run.py (the runner) and cases/. reached.json says, for each group and level, how many cases of how many
hold; fewer is a failure, more should be written down by --raise. Cases of features that Pawl does not have yet count as
not reached, not as failures. A group whose number of cases is another one belongs to another corpus and is only shown.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients"))
from harness import Pawl  # noqa: E402

REACHED = HERE / "reached.json"
LEVELS = ("status", "output", "events")


def run_suite(suite, folder):
    """The runner's report."""
    functions, report = folder / "functions.json", folder / "report.json"
    runner = [sys.executable, str(suite / "run.py")]
    subprocess.run([*runner, "--write-functions", str(functions)], check=True, stdout=subprocess.DEVNULL)
    with Pawl(functions=functions) as server:
        command = [*runner, "--endpoint", server.endpoint, "--cases", str(suite / "cases"), "--level", "events", "--jobs", "8"]
        subprocess.run([*command, "--report", str(report)], check=False)
    return json.loads(report.read_text())


def compare(groups, reached):
    """(text, cases lost) for each group that holds fewer cases than before; groups that hold more; groups not comparable."""
    losses, gains, foreign = [], [], []
    for group, levels in sorted(groups.items()):
        before = reached.get(group, {})
        if any(before[level][1] != levels[level][1] for level in LEVELS if level in before):
            foreign.append(group)
            continue
        lost = max(before.get(level, [0])[0] - levels[level][0] for level in LEVELS)
        if lost > 0:
            text = ", ".join(f"{level} {before[level][0]} -> {levels[level][0]}" for level in LEVELS)
            losses.append((f"{group}: {text} of {levels['events'][1]}", lost))
        elif any(levels[level][0] > before.get(level, [0])[0] for level in LEVELS):
            gains.append(group)
    missing = sorted(set(reached) - set(groups))
    losses += [(f"{group}: none of its cases was run", reached[group]["events"][0]) for group in missing if not foreign]
    return losses, gains, foreign


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("suite", type=pathlib.Path)
    arguments.add_argument("--raise", dest="raise_floors", action="store_true", help="write down what was reached, where it is more")
    options = arguments.parse_args()
    reached = json.loads(REACHED.read_text()) if REACHED.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        report = run_suite(options.suite.resolve(), pathlib.Path(folder))
    losses, gains, foreign = compare(report["groups"], reached)
    for text, _ in losses:
        print(f"LOST  {text}")
    for group in foreign:
        print(f"note  {group}: another number of cases than in reached.json, not compared")
    if gains and options.raise_floors:
        reached.update({group: report["groups"][group] for group in gains})
        REACHED.write_text("{\n" + ",\n".join(f"  {json.dumps(g)}: {json.dumps(reached[g])}" for g in sorted(reached)) + "\n}\n")
    elif gains:
        print(f"note  more cases than before hold in {', '.join(gains)}: write it down with --raise")
    held, total = report["levels"]["events"]
    print(f"{total - held} of {total} cases do not hold in full yet")
    print(f"conformance: {held} passed, {sum(lost for _, lost in losses)} failed")
    sys.exit(1 if losses or not held else 0)


if __name__ == "__main__":
    main()
