#!/usr/bin/env python3
"""How well functions scale: 1,000 tasks at once on a Python function of 50 ms with max_concurrency 20 take 2.5 s at
best; and what an invocation costs above the handler. Prints what it measured; with --check, fails above 1.25 × ideal.

    burst.py [--check]
"""
import json
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import test_runtimes  # noqa: E402

CODE = """
import time
def sleeps(event, context):
    time.sleep(0.05)
    return time.time()
def quick(event, context):
    return time.time()
"""
TASKS, PLACES, SECONDS = 1000, 20, 0.05


def machine(functions, name, **map_fields):
    arn = f"arn:aws:lambda:us-east-1:000000000000:function:{name}"
    item = {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": arn, "End": True}}}
    definition = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": item, "End": True, **map_fields}}}
    return functions.api.create(name + "-map", definition)


def timed(functions, arn, items):
    begin = time.monotonic()
    execution = functions.api.call("StartExecution", stateMachineArn=arn, input=json.dumps(items))["executionArn"]
    ended = functions.end(execution, 120)
    assert ended["status"] == "SUCCEEDED", ended
    return time.monotonic() - begin


def main():
    configured = {
        "sleeps": test_runtimes.python("sleeps", max_concurrency=PLACES),
        "quick": test_runtimes.python("quick", max_concurrency=1),
    }
    functions = test_runtimes.Functions({"py/app.py": CODE}, configured)
    try:
        burst = machine(functions, "sleeps")
        timed(functions, burst, list(range(PLACES * 10)))  # all processes are up
        ideal = TASKS / PLACES * SECONDS
        took = timed(functions, burst, list(range(TASKS)))
        print(f"burst: {took:.2f} s, {took / ideal:.2f} × ideal")
        one_by_one = machine(functions, "quick", MaxConcurrency=1)
        timed(functions, one_by_one, [0] * 20)
        costs = sorted(timed(functions, one_by_one, [0] * 200) / 200 * 1000 for _ in range(5))
        print(f"task to task, each durable: median {statistics.median(costs):.2f} ms")
    finally:
        functions.close()
    return 1 if "--check" in sys.argv and took > 1.25 * ideal else 0


if __name__ == "__main__":
    sys.exit(main())
