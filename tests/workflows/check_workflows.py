#!/usr/bin/env python3
"""Asks of every definition in a folder: is it accepted as part of a template, and can it be drawn?

    check_workflows.py FOLDER       (the program is $PAWL_BIN, or build/dev/pawl)
"""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAWL = os.environ.get("PAWL_BIN") or str(ROOT / "build" / "dev" / "pawl")


def trouble(path):
    """What is wrong with one definition; empty: nothing."""
    for command in ("validate", "graph"):
        done = subprocess.run([PAWL, command, "--placeholders", str(path)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return f"{command}: {(done.stdout + done.stderr).strip()}"
        if command == "graph" and not done.stdout.startswith("flowchart"):
            return "graph: nothing was drawn"
    return ""


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    paths = sorted(p for p in pathlib.Path(sys.argv[1]).rglob("*") if p.suffix in (".json", ".yaml", ".yml"))
    failed = 0
    for path in paths:
        if found := trouble(path):
            failed += 1
            print(f"FAILED {path}\n{found}")
    print(f"workflows: {len(paths) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not paths else 0)


if __name__ == "__main__":
    main()
