"""All operations of Step Functions, each with its success and each of its errors, sent by the clients that people have.

boto3 and the JavaScript client send every case of cases.py. The AWS CLI, which takes half a second to start, sends every success
and one case of each error. Every version that is found is asked: of Python's boto3 and of the CLI.
"""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import cases
import make_model
import world
from harness import Api, Pawl, quick_folder, Unchanged

HERE = pathlib.Path(__file__).resolve().parent
SYNC = ("StartSyncExecution", "TestState")  # whose host gets "sync-" in front


def left_out(what):
    """Says so where scripts/check finds it."""
    print(f"LEFT OUT: {what}", file=sys.stderr, flush=True)
    raise unittest.SkipTest(what)


class Table(unittest.TestCase):
    """The cases against the published model."""

    def test_has_every_operation_and_every_error(self):
        self.assertEqual({name: set(one.errors) for name, one in cases.OPERATIONS.items()}, make_model.errors_of(make_model.read()))
        self.assertEqual(len(cases.OPERATIONS), 37)

    def test_says_why_an_error_never_comes(self):
        for name, one in cases.OPERATIONS.items():
            for error, case in one.errors.items():
                self.assertTrue(isinstance(case, cases.Case) or len(case.reason) > 20, f"{name} {error}")

    def test_sends_only_members_of_the_model(self):
        model = make_model.read()
        for name, one in cases.OPERATIONS.items():
            known = model["shapes"][model["operations"][name]["input"]["shape"]]["members"]
            for case in (one.success, *one.errors.values()):
                if isinstance(case, cases.Case):
                    self.assertLessEqual(set(case.input), set(known), name)

    def test_is_as_new_as_what_is_installed(self):
        known = make_model.errors_of(make_model.read())
        try:
            installed = make_model.errors_of(make_model.installed())
        except ImportError:
            left_out("the model of botocore: this Python has none")
        for name, errors in installed.items():
            self.assertLessEqual(errors, known.get(name, set()), f"{name}: run make_model.py and add what is new to cases.py")


class World:
    """A server of a client's own, with everything that cases are about in it. An Express execution there lives for five minutes."""

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.folder = stack.enter_context(quick_folder())
            self.server = stack.enter_context(Pawl(self.folder))
            self.made = world.build(stack.enter_context(contextlib.closing(Api(self.server.port))))
            self.store = stack.enter_context(contextlib.closing(Unchanged(self.server)))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def errors(self, only=lambda name, error: True):
        return cases.requests(self.made, lambda name, error: error is not None and only(name, error))

    def successes(self):
        return cases.requests(self.made, lambda name, error: error is None)


class Clients(unittest.TestCase):
    def check(self, command):
        """A program that sends cases: all errors, which must not change anything, then all successes."""
        with World() as own:
            self.send(command, own, own.errors())
            self.assertTrue(own.store.holds(), "an error changed something")
            self.send(command, own, own.successes())

    def send(self, command, own, requests):
        file = pathlib.Path(own.folder) / "cases.json"
        file.write_text(json.dumps(requests))
        done = subprocess.run([*command, own.server.endpoint, str(file)], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"{len(requests)} passed, 0 failed", done.stdout)

    def test_every_boto3(self):
        found = pythons_with_boto3()
        for version, python in found.items():
            with self.subTest(boto3=version):
                self.check([python, str(HERE / "operations_boto3.py")])
        print(f"\nboto3 {', '.join(found)}", flush=True)
        if not found:
            left_out("boto3: no python3 has it")

    def test_javascript(self):
        if not (shutil.which("node") and (HERE / "node_modules" / "@aws-sdk" / "client-sfn").is_dir()):
            left_out("the JavaScript client: no node, or no node_modules (npm install in tests/clients)")
        self.check(["node", str(HERE / "operations.mjs")])

    def test_every_command_line(self):
        found = command_lines()
        if not found:
            left_out("the AWS CLI: there is none")
        for version, program in found.items():
            with self.subTest(cli=version), World() as own:
                # One case of each error: which operation raises it makes no difference to the CLI.
                first = {case["error"]: case["operation"] for case in reversed(own.errors())}
                self.assertEqual(self.by(program, version, own.server, own.errors(lambda name, error: first[error] == name)), [])
                self.assertTrue(own.store.holds(), "an error changed something")
                self.assertEqual(self.by(program, version, own.server, own.successes()), [])
        print(f"\nAWS CLI {', '.join(found)}", flush=True)
        if len({version.partition(".")[0] for version in found}) < 2:
            print("LEFT OUT: the other major version of the AWS CLI is not there", file=sys.stderr, flush=True)

    def by(self, program, version, server, requests):
        """What went wrong with requests, which are sent side by side."""
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = list(pool.map(lambda case: by_command_line(program, version, server, case), requests))
        return [problem for problem in found if problem]


def on_path(name):
    """Each program of this name, once."""
    found = {}
    for folder in ["/usr/bin", *os.environ["PATH"].split(os.pathsep)]:
        path = shutil.which(name, path=folder)
        if path:
            found.setdefault(os.path.realpath(path), path)
    return list(found.values())


def output_of(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr if done.returncode == 0 else ""


def pythons_with_boto3():
    found = {}
    for python in on_path("python3"):
        version = output_of([python, "-c", "import boto3; print(boto3.__version__)"]).strip()
        if version:
            found.setdefault(version, python)
    return found


def command_lines():
    found = {}
    for program in on_path("aws"):
        version = re.match(r"aws-cli/(\S+)", output_of([program, "--version"]))
        if version:
            found.setdefault(version.group(1), program)
    return found


def can_leave_out_prefix(version):
    """AWS_DISABLE_HOST_PREFIX_INJECTION is known since the beginning of 2025."""
    major, minor = map(int, version.split(".")[:2])
    return minor >= (37 if major == 1 else 23)


def by_command_line(program, version, server, case):
    """Sends a case; says what is not as it should be, or gives None."""
    command = re.sub(r"(?<!^)([A-Z])", r"-\1", case["operation"]).lower()
    environment = {
        **os.environ, "AWS_PAGER": "", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_DATA_PATH": str(HERE / "model"), "AWS_DISABLE_HOST_PREFIX_INJECTION": "true", "AWS_MAX_ATTEMPTS": "1",
    }
    environment.pop("AWS_CA_BUNDLE", None)
    if case["operation"] in SYNC and not can_leave_out_prefix(version):  # then the server is its own proxy
        environment["HTTP_PROXY"] = server.endpoint
    arguments = [program, "--endpoint-url", server.endpoint, "--output", "json", "stepfunctions", command,
                 "--cli-input-json", json.dumps(case["input"])]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=120)
    what = f"{command} ({case['error'] or 'success'}): "
    if case["error"]:
        # Version 1 says 255 or, since 2025, 254.
        if f"({case['error']})" in done.stderr and done.returncode in (254, 255):
            return None
        return what + f"status {done.returncode}: {done.stdout}{done.stderr}"
    if done.returncode:
        return what + done.stderr
    answer = json.loads(done.stdout or "{}")
    wrong = {name: answer.get(name) for name, value in case["gives"].items() if answer.get(name) != value}
    return what + f"gave {wrong} instead of {case['gives']}" if wrong else None


if __name__ == "__main__":
    unittest.main()
