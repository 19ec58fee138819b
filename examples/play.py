#!/usr/bin/env python3
"""Plays the examples on a running Pawl: creates their state machines, runs every input, shows what happens.

    play.py [--endpoint http://127.0.0.1:8083] [order] [thumbnails] [weather] [mobile] [iot] [stream]

Speaks the AWS API as any AWS client does, without one: standard library only. The exit status is 0 when every run ended
as the example's expected.json says. An example with a drive.py is driven by that: by uploads, messages or web requests.
"""
import argparse
import importlib.util
import json
import pathlib
import sys
import time
import urllib.error

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from follow import Api, ApiError  # noqa: E402

EXAMPLES = ("order", "thumbnails", "weather", "mobile", "iot", "stream")


def describe_event(event):
    """One line for people, or nothing for events that only repeat others."""
    kind = event["type"]
    details = next((value for key, value in event.items() if key.endswith("Details") and isinstance(value, dict)), {})
    if kind.endswith("StateEntered"):
        return details["name"]
    if kind == "MapIterationStarted":
        return f"{details['name']} [{details['index']}]"
    if kind in ("LambdaFunctionFailed", "TaskFailed"):
        return f"    failed: {details.get('error')} ({error_message(details.get('cause', ''))})"
    if kind in ("LambdaFunctionTimedOut", "TaskTimedOut"):
        return f"    timed out: {details.get('error')}"
    if kind in ("LambdaFunctionScheduled", "TaskScheduled"):
        return "    task handed out"
    return None


def error_message(cause):
    try:
        return json.loads(cause)["errorMessage"]
    except (ValueError, KeyError, TypeError):
        return cause


def follow(api, execution, started):
    """Prints events as they come, until the execution has ended; gives its description."""
    seen = 0
    while True:
        ended = api.call("DescribeExecution", executionArn=execution)
        token = {}
        while True:
            page = api.call("GetExecutionHistory", executionArn=execution, maxResults=1000, **token)
            for event in page["events"]:
                if event["id"] <= seen:
                    continue
                seen = event["id"]
                line = describe_event(event)
                if line:
                    print(f"  {event['timestamp'] - started:6.2f} s  {line}")
            if "nextToken" not in page:
                break
            token = {"nextToken": page["nextToken"]}
        if ended["status"] != "RUNNING":
            return ended
        time.sleep(0.1)


def differs(ended, expected):
    """Why an execution did not end as expected; nothing when it did."""
    if ended["status"] != expected["status"]:
        return f"status is {ended['status']}, not {expected['status']}"
    if ended.get("error") != expected.get("error"):
        return f"error is {ended.get('error')}, not {expected.get('error')}"
    output = json.loads(ended.get("output", "{}"))
    for key, value in expected.get("output", {}).items():
        if output.get(key) != value:
            return f"output.{key} is {json.dumps(output.get(key))}, not {json.dumps(value)}"
    return None


def play(api, example):
    """Runs all inputs of an example; gives how many ended as expected and how many did not."""
    folder = HERE / example
    if not (folder / "expected.json").exists():
        return drive(api, example)
    machine = api.create_or_update(example, (folder / f"{example}.asl.json").read_text(encoding="utf-8"))
    expectations = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    good = bad = 0
    for name, expected in expectations.items():
        run = f"{name}-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1000000:06d}"
        print(f"\n{example} / {name}  (execution {run})")
        text = (folder / "inputs" / f"{name}.json").read_text(encoding="utf-8")
        execution = api.call("StartExecution", stateMachineArn=machine, name=run, input=text)
        ended = follow(api, execution["executionArn"], execution["startDate"])
        print(f"  {ended['stopDate'] - ended['startDate']:6.2f} s  {ended['status']}")
        if "output" in ended:
            print(json.dumps(json.loads(ended["output"]), indent=2, ensure_ascii=False))
        else:
            print(f"{ended.get('error')}: {error_message(ended.get('cause', ''))}")
        problem = differs(ended, expected)
        if problem:
            print(f"UNEXPECTED: {problem}")
            bad += 1
        else:
            good += 1
    if (folder / "drive.py").exists():
        driven = drive(api, example)
        good, bad = good + driven[0], bad + driven[1]
    return good, bad


def drive(api, example):
    """Lets an example's drive.py play it."""
    print(f"\n{example}")
    spec = importlib.util.spec_from_file_location(f"{example}_drive", HERE / example / "drive.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.play(api)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--endpoint", default="http://127.0.0.1:8083")
    arguments.add_argument("examples", nargs="*", metavar="EXAMPLE", help=" or ".join(EXAMPLES) + "; none: all")
    options = arguments.parse_args()
    unknown = [name for name in options.examples if name not in EXAMPLES]
    if unknown:
        arguments.error(f"no example {', '.join(unknown)}; there are {', '.join(EXAMPLES)}")
    api = Api(options.endpoint)
    try:
        results = [play(api, example) for example in options.examples or EXAMPLES]
    except (ApiError, urllib.error.URLError) as error:
        sys.exit(f"play.py: {options.endpoint}: {error}")
    good, bad = (sum(column) for column in zip(*results))
    print(f"\nexamples: {good} passed, {bad} failed")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
