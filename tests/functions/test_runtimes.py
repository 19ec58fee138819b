"""Unmodified Lambda handlers behind workflows: Python and Node, the errors AWS makes of them, code that changes, memory
that ends, the sandbox, and what the log keeps. Starts a Pawl of its own; PAWL_BIN says which."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "clients"))
import harness  # noqa: E402

PYTHON = '''
import json, os, sys, tempfile, time
loaded = time.time()
def about(event, context):
    print("seen", event)
    return {"event": event, "name": context.function_name, "version": context.function_version,
            "memory": context.memory_limit_in_mb, "left": context.get_remaining_time_in_millis(),
            "group": context.log_group_name, "stream": context.log_stream_name, "arn": context.invoked_function_arn,
            "tmp": tempfile.gettempdir(), "pid": os.getpid(), "environment": sorted(os.environ)}
def fails(event, context):
    raise ValueError("no " + str(event))
def unprintable(event, context):
    return object()
def leaves(event, context):
    sys.exit(3)
def sleeps(event, context):
    time.sleep(60)
def grows(event, context):
    kept = []
    while True:
        kept.append(bytearray(8 * 1024 * 1024))
        time.sleep(0.01)
def writes(event, context):
    with open("/tmp/mine", "w") as file:
        file.write("x")
    try:
        with open(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "app.py"), "a"):
            return "code is writable"
    except OSError:
        return "code is read-only"
def calls(port, context):
    import socket
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return "connected"
    except OSError as error:
        return type(error).__name__
'''

NODE = '''
exports.about = async (event, context) => ({ event, name: context.functionName, left: context.getRemainingTimeInMillis() });
exports.callback = (event, context, callback) => setTimeout(() => callback(null, [event]), 10);
exports.fails = async () => { throw new RangeError('too far'); };
exports.calls_back_an_error = (event, context, callback) => callback(new Error('called back'));
exports.nothing = () => {};
exports.rejects = async () => { Promise.reject(new Error('nobody waits')); await new Promise((r) => setTimeout(r, 500)); };
'''


class Functions:
    """A folder of code, its functions file and a Pawl that runs a machine of one Task for each function."""

    def __init__(self, files, functions, arguments=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pawl-code-"))
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        file = self.folder / "functions.json"
        file.write_text(json.dumps({"functions": functions}))
        self.pawl = harness.Pawl(functions=file, arguments=arguments).start()
        self.api = harness.Api(self.pawl.port)
        self.machines = {
            name: self.api.create(
                name,
                {
                    "StartAt": "T",
                    "States": {"T": {"Type": "Task", "Resource": f"arn:aws:lambda:us-east-1:000000000000:function:{name}", "End": True}},
                },
            )
            for name in functions
        }

    def start(self, name, event=None):
        return self.api.call("StartExecution", stateMachineArn=self.machines[name], input=json.dumps(event))["executionArn"]

    def end(self, arn, seconds=30):
        return self.api.wait_for_end(arn, seconds)

    def run(self, name, event=None):
        return self.end(self.start(name, event))

    def output(self, name, event=None):
        ended = self.run(name, event)
        if ended["status"] != "SUCCEEDED":
            raise AssertionError(ended)
        return json.loads(ended["output"])

    def error(self, name, event=None):
        ended = self.run(name, event)
        if ended["status"] != "FAILED":
            raise AssertionError(ended)
        return ended["error"], json.loads(ended["cause"])

    def log(self, name):
        return (self.pawl.folder / "pawl.db-logs" / f"{name}.log").read_text()

    def close(self):
        self.pawl.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def python(function, **more):
    return {"runtime": "python3.11", "handler": f"app.{function}", "code": "py", **more}


def node(function, **more):
    return {"runtime": "nodejs18.x", "handler": f"app.{function}", "code": "js", **more}


class Runtimes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        files = {
            "py/app.py": PYTHON,
            "js/app.js": NODE,
            "py/broken.py": "def handler(:\n",
            "py/missing.py": "import there_is_no_such_module\n",
            "mjs/app.mjs": "export const handler = async (event) => event + 1;\n",
            "raw/bootstrap": RAW,
        }
        functions = {name: python(name) for name in ("about", "fails", "unprintable", "leaves")}
        functions["sleeps"] = python("sleeps", timeout_seconds=1)
        functions["grows"] = python("grows", memory_megabytes=128)
        functions["py-syntax"] = {"runtime": "python3.12", "handler": "broken.handler", "code": "py"}
        functions["py-import"] = {"runtime": "python3.12", "handler": "missing.handler", "code": "py"}
        functions["py-handler"] = python("not_there")
        for name in ("about", "callback", "fails", "calls_back_an_error", "nothing", "rejects", "not_there"):
            functions["js-" + name] = node(name)
        functions["esm"] = {"runtime": "nodejs20.x", "handler": "app.handler", "code": "mjs"}
        functions["raw"] = {"command": ["sh", "raw/bootstrap"]}
        cls.functions = Functions(files, functions)

    @classmethod
    def tearDownClass(cls):
        cls.functions.close()

    def test_a_python_handler_is_told_what_lambda_tells(self):
        seen = self.functions.output("about", {"a": [1]})
        self.assertEqual(seen["event"], {"a": [1]})
        self.assertEqual((seen["name"], seen["version"], seen["group"]), ("about", "$LATEST", "/aws/lambda/about"))
        self.assertIn("[$LATEST]", seen["stream"])
        self.assertTrue(seen["arn"].endswith(":function:about"))
        self.assertGreater(seen["left"], 100_000)

    def test_its_environment_is_clean_and_its_temporary_folder_its_own(self):
        seen = self.functions.output("about")
        self.assertNotIn("PAWL_BIN", seen["environment"])
        self.assertIn("AWS_LAMBDA_FUNCTION_NAME", seen["environment"])
        self.assertIn("pawl-functions-", seen["tmp"])

    def test_python_errors_have_lambdas_documents(self):
        error, document = self.functions.error("fails", "luck")
        self.assertEqual((error, document["errorType"], document["errorMessage"]), ("ValueError", "ValueError", "no luck"))
        self.assertIn("in fails", document["stackTrace"][0])
        self.assertEqual(self.functions.error("unprintable")[0], "Runtime.MarshalError")
        error, document = self.functions.error("py-syntax")
        self.assertEqual(error, "Runtime.UserCodeSyntaxError")
        self.assertIn("Syntax error in module 'broken'", document["errorMessage"])
        error, document = self.functions.error("py-import")
        self.assertEqual(error, "Runtime.ImportModuleError")
        self.assertIn("Unable to import module 'missing': No module named", document["errorMessage"])
        error, document = self.functions.error("py-handler")
        self.assertEqual((error, document["errorMessage"]), ("Runtime.HandlerNotFound", "Handler 'not_there' missing on module 'app'"))

    def test_a_process_that_ends_is_an_exit_error(self):
        error, document = self.functions.error("leaves")
        self.assertEqual(error, "Runtime.ExitError")
        self.assertIn("Runtime exited with error: exit status 3", document["errorMessage"])

    def test_a_hung_function_is_killed_at_its_time_out(self):
        error, document = self.functions.error("sleeps")
        self.assertEqual(error, "Sandbox.Timedout")
        self.assertIn("Task timed out after 1.00 seconds", document["errorMessage"])

    def test_a_leaking_function_runs_out_of_memory(self):
        error, document = self.functions.error("grows")
        self.assertEqual(error, "Runtime.OutOfMemory", document)
        self.assertIn("signal: killed", document["errorMessage"])

    def test_node_handlers_return_and_call_back(self):
        seen = self.functions.output("js-about", 7)
        self.assertEqual((seen["event"], seen["name"]), (7, "js-about"))
        self.assertEqual(self.functions.output("js-callback", 1), [1])
        self.assertIsNone(self.functions.output("js-nothing"))
        self.assertEqual(self.functions.output("esm", 1), 2)

    def test_node_errors_have_lambdas_documents(self):
        error, document = self.functions.error("js-fails")
        self.assertEqual((error, document["errorMessage"]), ("RangeError", "too far"))
        self.assertEqual(document["trace"][0], "RangeError: too far")
        self.assertEqual(self.functions.error("js-calls_back_an_error")[1]["errorMessage"], "called back")
        self.assertEqual(self.functions.error("js-rejects")[0], "Runtime.UnhandledPromiseRejection")
        error, document = self.functions.error("js-not_there")
        self.assertEqual((error, document["errorMessage"]), ("Runtime.HandlerNotFound", "app.not_there is undefined or not exported"))

    def test_any_program_may_speak_the_runtime_api(self):
        self.assertEqual(self.functions.output("raw"), "from a shell")

    def test_the_log_has_lambdas_lines(self):
        self.functions.output("about", "for the log")
        log = self.functions.log("about")
        self.assertIn("seen for the log\n", log)
        self.assertRegex(log, r"START RequestId: \S+ Version: \$LATEST\n")
        self.assertRegex(log, r"REPORT RequestId: \S+\tDuration: [0-9.]+ ms\tBilled Duration: \d+ ms\tMax Memory Used: \d+ MB")

    def test_changed_code_is_used_at_once(self):
        folder = self.functions.folder / "py"
        first = self.functions.output("about")
        time.sleep(0.1)
        try:
            (folder / "app.py").write_text(PYTHON.replace('"pid": os.getpid()', '"pid": -1'))
            self.assertEqual(self.functions.output("about")["pid"], -1)
        finally:
            (folder / "app.py").write_text(PYTHON)
        self.assertGreater(first["pid"], 0)


RAW = """#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  head=$(mktemp)
  curl -sS -f -D "$head" "$api/next" > /dev/null || exit 0
  id=$(sed -n 's/^Lambda-Runtime-Aws-Request-Id: *//Ip' "$head" | tr -d '\\r')
  curl -sS -d '"from a shell"' "$api/$id/response" > /dev/null
done
"""


@unittest.skipUnless(harness.bubblewrap_works(), "bubblewrap is missing, or can't make namespaces here: the sandbox is NOT tested")
class Sandbox(unittest.TestCase):
    def start(self, functions, *arguments):
        started = Functions({"py/app.py": PYTHON, "js/app.js": NODE}, functions, ["--sandbox", "bwrap", *arguments])
        self.addCleanup(started.close)
        return started

    def test_files_are_read_only_but_tmp(self):
        functions = self.start({"writes": python("writes")})
        self.assertEqual(functions.output("writes"), "code is read-only")
        self.assertFalse(pathlib.Path("/tmp/mine").exists())

    def test_there_is_no_network_unless_it_is_allowed(self):
        functions = self.start({"calls": python("calls"), "about": node("about"), "open": python("calls", network=True)})
        self.assertEqual(functions.output("calls", functions.pawl.port), "ConnectionRefusedError")
        self.assertEqual(functions.output("open", functions.pawl.port), "connected")
        self.assertEqual(functions.output("about", 7)["event"], 7)

    def test_all_may_keep_the_network(self):
        functions = self.start({"calls": python("calls")}, "--sandbox-network")
        self.assertEqual(functions.output("calls", functions.pawl.port), "connected")


@unittest.skipUnless(os.environ.get("PAWL_SLOW"), "AWS's own client builds for minutes: it is tested by scripts/check --slow")
class OfficialClient(unittest.TestCase):
    def test_awss_own_runtime_client_works(self):
        with tempfile.TemporaryDirectory(prefix="pawl-client-") as folder:
            install = ["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "aws-lambda-ric@4"]
            try:
                fetched = subprocess.run(install, capture_output=True, timeout=600).returncode == 0
            except (OSError, subprocess.TimeoutExpired):
                fetched = False
            client = pathlib.Path(folder) / "node_modules" / "aws-lambda-ric" / "index.mjs"
            if not fetched or not client.is_file():
                self.skipTest("npm could not fetch aws-lambda-ric: AWS's own client is NOT tested")
            by = {name: {"command": ["node", str(client), f"app.{name}"], "working_directory": "js"} for name in ("about", "fails")}
            functions = Functions({"js/app.js": NODE}, by)
            try:
                self.assertEqual(functions.output("about", 5)["event"], 5)
                self.assertEqual(functions.error("fails")[0], "RangeError")
            finally:
                functions.close()


if __name__ == "__main__":
    unittest.main()
