#!/usr/bin/env python3
"""Sends the cases of a JSONata test suite through `pawl jsonata --lines` and compares the answers.

    PAWL_BIN=.../pawl tests/jsonata/run_suite.py FOLDER [WORD...]      only cases with a WORD in their id

FOLDER/cases.json is {"datasets": {name: json}, "cases": [...]}. A case has "id", "expr", "data" or "dataset" (a name, or
null: the input is undefined), "bindings", "depth", "timelimit", and what is expected: "result" ("unordered": the order of
the array does not count), "undefinedResult", "code" with "token", or "error" with members of the error.
"""
import json
import math
import os
import subprocess
import sys


def same(a, b):
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b or math.isclose(a, b, rel_tol=1e-15)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return a == b


def same_items(a, b):
    """Lists with the same items, in whatever order."""
    rest = list(b)
    for item in a:
        twin = next((i for i, other in enumerate(rest) if same(item, other)), None)
        if twin is None:
            return False
        del rest[twin]
    return not rest


def request(case, datasets):
    line = {key: case[key] for key in ("expr", "data", "bindings", "depth", "timelimit") if key in case}
    if case.get("dataset") is not None:
        line["data"] = datasets[case["dataset"]]
    return line


def problem(case, answer):
    """Why the answer is wrong, or None."""
    if "result" in case:
        if "result" not in answer:
            return "expected a result"
        given, wanted = answer["result"], case["result"]
        if case.get("unordered") and isinstance(given, list) and isinstance(wanted, list):
            return None if same_items(given, wanted) else "another result"
        return None if same(given, wanted) else "another result"
    if case.get("undefinedResult"):
        return None if answer.get("undefined") is True else "expected undefined"
    error = answer.get("error")
    if error is None:
        return "expected an error"
    wanted = dict(case.get("error") or {"code": case["code"]})
    if "token" in case:
        wanted["token"] = case["token"]
    for member in ("code", "position", "token", "message"):
        if member in wanted and not same(error.get(member), wanted[member]):
            return f"another {member}"
    return None


def main():
    folder, words = sys.argv[1], sys.argv[2:]
    with open(os.path.join(folder, "cases.json"), encoding="utf-8") as file:
        suite = json.load(file)
    cases = [case for case in suite["cases"] if not words or any(word in case["id"] for word in words)]
    pawl = subprocess.Popen([os.environ["PAWL_BIN"], "jsonata", "--lines"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True, encoding="utf-8")
    failed = 0
    for done, case in enumerate(cases):
        pawl.stdin.write(json.dumps(request(case, suite["datasets"])) + "\n")
        pawl.stdin.flush()
        answered = pawl.stdout.readline()
        if not answered:
            print(f"{case['id']}: pawl ended")
            failed += len(cases) - done
            break
        wrong = problem(case, json.loads(answered))
        if wrong:
            failed += 1
            wanted = {key: case[key] for key in ("result", "undefinedResult", "code", "token", "error") if key in case}
            print(f"{case['id']}: {wrong}\n  expression: {case['expr']}\n  expected: {json.dumps(wanted)[:500]}\n"
                  f"  answered: {answered.strip()[:500]}")
    pawl.stdin.close()
    pawl.wait()
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
