#!/usr/bin/env python3
"""What `pawl run` does with functions: a server that they can call, and what they print. The program is $PAWL_BIN."""
import json
import pathlib
import re
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from command_case import PAWL, CommandCase, pawl  # noqa: E402

CODE = """
import json, os, sys, time, urllib.request
calls = 0

def count(event, context):
    global calls
    calls += 1
    print("call", calls)
    return calls

def answer(event, context):
    print("half a line", end="")
    body = json.dumps({"taskToken": event["token"], "output": "{\\"paid\\": true}"}).encode()
    headers = {"X-Amz-Target": "AWSStepFunctions.SendTaskSuccess", "Content-Type": "application/x-amz-json-1.0"}
    with urllib.request.urlopen(urllib.request.Request(os.environ["AWS_ENDPOINT_URL_SFN"], body, headers)) as sent:
        sent.read()

def dies(event, context):
    print("last words", flush=True)
    os._exit(3)

def sleeps(event, context):
    print("pid", os.getpid(), flush=True)
    time.sleep(60)
"""


def runs(pid):
    try:
        return bool(pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())  # that of a zombie is empty
    except OSError:
        return False


class RunWithFunctions(CommandCase):
    def setUp(self):
        super().setUp()
        self.write("app.py", CODE)
        functions = {name: {"runtime": "python3.12", "handler": "app." + name, "code": "."} for name in ("count", "answer", "dies", "sleeps")}
        functions["sh"] = {"command": ["sh", "-c", "echo hi; exit 7"]}
        self.functions = self.write("functions.json", json.dumps({"functions": functions}))

    def machine(self, *functions, resource="arn:aws:states:::lambda:invoke", payload=None):
        states = {}
        for number, function in enumerate(functions):
            states[f"S{number}"] = {"Type": "Task", "Resource": resource, "OutputPath": "$.Payload" if payload is None else "$",
                                    "Parameters": {"FunctionName": function, "Payload": payload or {}},
                                    **({"End": True} if number + 1 == len(functions) else {"Next": f"S{number + 1}"})}
        return self.write("m.json", json.dumps({"StartAt": "S0", "States": states}))

    def token_machine(self):
        return self.machine("answer", resource="arn:aws:states:::lambda:invoke.waitForTaskToken", payload={"token.$": "$$.Task.Token"})

    def run_machine(self, machine, *more):
        return pawl("run", "--functions", self.functions, machine, *more)

    def test_a_function_answers_for_a_waiting_task(self):
        done = self.run_machine(self.token_machine())
        self.assertEqual((done.returncode, json.loads(done.stdout)), (0, {"paid": True}), done.stderr)
        self.assertIn("answer | half a line\n", done.stderr)

    def test_an_endpoint_of_ones_own_goes_first(self):
        machine = self.token_machine()
        done = pawl("run", "--functions", self.functions, machine, environment={"AWS_ENDPOINT_URL_SFN": "http://127.0.0.1:1"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("URLError", done.stderr)

    def test_what_functions_print_is_shown(self):
        done = self.run_machine(self.machine("count", "count"))
        self.assertEqual((done.returncode, done.stdout), (0, "2\n"), done.stderr)
        shown = re.findall(r"^(> S\d|count \| .*|✓ S\d)", done.stderr, re.MULTILINE)
        self.assertEqual([line for line in shown if "|" in line], ["count | call 1", "count | call 2"])
        self.assertEqual([line for line in shown if "|" not in line], ["> S0", "✓ S0", "> S1", "✓ S1"])
        for call, state in ((1, "S0"), (2, "S1")):
            self.assertLess(shown.index(f"> {state}"), shown.index(f"count | call {call}"))
        quiet = self.run_machine(self.machine("count"), "--quiet")
        self.assertEqual((quiet.stdout, quiet.stderr), ("1\n", ""))

    def test_what_a_function_printed_that_died_is_shown(self):
        for function, said in (("dies", "last words"), ("sh", "hi")):
            done = self.run_machine(self.machine(function))
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{function} | {said}\n", done.stderr)

    def test_a_store_beside_the_code_is_no_new_code(self):
        done = self.run_machine(self.machine("count", "count", "count"), "--store", f"sqlite:{self.folder}/pawl.db")
        self.assertEqual((done.returncode, done.stdout), (0, "3\n"), done.stderr)

    def test_an_interrupt_ends_it_with_its_functions(self):
        command = [PAWL, "run", "--functions", self.functions, self.machine("sleeps")]
        # A shell's background jobs ignore SIGINT, and so does all that they start.
        heeds = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=heeds)
        with running:
            pid = next(match[1] for line in running.stderr if (match := re.match(r"sleeps \| pid (\d+)", line)))
            running.send_signal(signal.SIGINT)
            self.assertEqual(running.wait(timeout=10), -signal.SIGINT)
        deadline = time.monotonic() + 10
        while runs(pid) and time.monotonic() < deadline:  # it ends a moment later
            time.sleep(0.01)
        self.assertFalse(runs(pid))

    def test_runtimes_that_do_not_run_here(self):
        template = self.write("template.yaml", "Resources:\n  F:\n    Type: AWS::Serverless::Function\n"
                              "    Properties: {CodeUri: ., Handler: app.count, Runtime: python2.7}\n")
        done = pawl("run", "--sam", template, "M")
        self.assertEqual(done.returncode, 2)
        self.assertIn("the runtime 'python2.7' can't be started here (python3.x, nodejsNN.x and provided.* can)", done.stderr)


if __name__ == "__main__":
    unittest.main()
