"""What docs/clients.md, docs/testing-workflows.md and the examples tell people to type, typed: the very blocks of the pages are run.

A block of `sh` is run by bash; any other is saved under the name that the text before it gives. Only the port is another.
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import unittest

from harness import PYTHON_HOST, ROOT, Api, Pawl, program, quick_folder

HERE = pathlib.Path(__file__).resolve().parent
USUAL = "127.0.0.1:8083"
MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:"
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def section(page, title):
    """The text of a page from one heading to the next; of the page's beginning without a title."""
    text = (ROOT / "docs" / page).read_text()
    parts = re.split(r"^##? (.*)$", text, flags=re.M)
    return parts[2] if title is None else parts[parts.index(title) + 1]


def indented_commands(page):
    """The commands of a page's indented blocks, each in one line, without the remarks behind them."""
    lines = re.sub(r"\\\n\s*", "", page.read_text()).splitlines()
    found = [re.sub(r"\s+# .*", "", line).strip() for line in lines if re.match(r"    (?:pawl|aws|python3|scripts/\w+) ", line)]
    assert found, f"{page}: no command"
    return found


def setUpModule():
    global folder, bin_folder
    folder = quick_folder()
    bin_folder = pathlib.Path(folder.name) / "bin"
    bin_folder.mkdir()
    (bin_folder / "pawl").symlink_to(program())
    (bin_folder / "python3").symlink_to("/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable)


def tearDownModule():
    folder.cleanup()


class Recipe(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(folder.name) / self._testMethodName
        self.folder.mkdir()

    def run_text(self, text, endpoint=USUAL):
        """The output of commands, with pawl in the PATH and Debian's programs before others."""
        script = text.replace(USUAL, endpoint)
        environment = {"PATH": f"{bin_folder}:/usr/bin:/bin:{os.environ['PATH']}", "HOME": str(self.folder), "AWS_PAGER": "",
                       "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, f"{script}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def follow(self, page, title, endpoint=USUAL):
        """Does what a section says; gives what its commands printed."""
        text, printed = section(page, title), ""
        for block in FENCED.finditer(text):
            language, code = block.groups()
            if language == "sh":
                printed += self.run_text(code, endpoint)
            else:
                name = re.findall(r"`([\w.-]+\.(?:json|py|mjs))`", text[:block.start()])[-1]
                (self.folder / name).write_text(code.replace(USUAL, endpoint))
        return printed


class Clients(Recipe):
    def served(self, *arguments):
        server = Pawl(self.folder, arguments=arguments).start()
        self.addCleanup(server.close)
        self.api = Api(server.port)
        self.addCleanup(self.api.close)
        return f"127.0.0.1:{server.port}"

    def test_environment_is_what_bash_can_read(self):
        self.follow("clients.md", None)

    def test_command_line(self):
        printed = self.follow("clients.md", "AWS CLI", self.served())
        self.assertIn('"ExecutionSucceeded"', printed)

    def test_boto3(self):
        printed = self.follow("clients.md", "boto3", self.served()).splitlines()
        self.assertEqual((json.loads(printed[0]), json.loads(printed[-1])), ({"greeting": "hello"}, {"greeting": "hello"}))
        self.assertIn("refused: An error occurred (ExecutionAlreadyExists)", printed[1])

    def test_javascript(self):
        modules = HERE / "node_modules"
        if not (shutil.which("node") and (modules / "@aws-sdk").is_dir()):
            print("LEFT OUT: the recipe for JavaScript: no node, or no node_modules in tests/clients", file=sys.stderr, flush=True)
            self.skipTest("no JavaScript client")
        (self.folder / "node_modules").symlink_to(modules)
        printed = self.follow("clients.md", "JavaScript", self.served()).splitlines()
        self.assertEqual(json.loads(printed[0]), {"greeting": "hello"})
        self.assertTrue(printed[1].startswith("refused: true State Machine Does Not Exist"), printed)

    def templates(self):
        shutil.copytree(ROOT / "tests" / "cli" / "cdk.out", self.folder / "cdk.out")
        shutil.copytree(ROOT / "tests" / "cli" / "sam", self.folder / "sam")

    def test_cdk_and_sam(self):
        self.templates()
        self.assertTrue(PYTHON_HOST.is_file())
        printed = self.follow("clients.md", "CDK and SAM")
        self.assertIn("hello you", printed)
        self.assertIn("charged", printed)

    def test_templates_are_served(self):
        self.templates()
        for arguments, machine, task_input in ((("--cdk-out", "cdk.out"), "child", {}), (("--sam", "sam/template.yaml"), "order", {"pieces": 3})):
            with self.subTest(arguments[0]):
                with Pawl(self.folder, arguments=arguments) as server:
                    api = Api(server.port)
                    self.addCleanup(api.close)
                    there = {one["name"].lower(): one for one in api.call("ListStateMachines")["stateMachines"]}
                    self.assertTrue(any(machine in name for name in there), there)
                    found = next(one for name, one in there.items() if machine in name)
                    request = {"stateMachineArn": found["stateMachineArn"], "input": json.dumps(task_input)}
                    if found["type"] == "EXPRESS":
                        ended = api.call("StartSyncExecution", **request)
                    else:
                        ended = api.wait_for_end(api.call("StartExecution", **request)["executionArn"])
                    self.assertEqual(ended["status"], "SUCCEEDED", ended)

    def test_activity_worker(self):
        shutil.copy(ROOT / "examples" / "activity_worker.py", self.folder)
        self.follow("clients.md", "An activity worker", self.served())
        execution = self.api.call("ListExecutions", stateMachineArn=MACHINE + "ask")["executions"][0]
        ended = self.api.wait_for_end(execution["executionArn"])
        self.assertEqual((ended["status"], json.loads(ended["output"])), ("SUCCEEDED", {"n": 1, "done": True}))


class TestingWorkflows(Recipe):
    PAGE = "testing-workflows.md"

    def setUp(self):
        super().setUp()
        for file in (ROOT / "examples" / "invoice").iterdir():
            shutil.copy(file, self.folder)
        (self.folder / "examples").symlink_to(ROOT / "examples")

    def commands(self, title, start):
        """The indented commands of a section that begin so."""
        lines = re.sub(r"\\\n\s*", "", section(self.PAGE, title)).splitlines()
        found = [line.strip() for line in lines if line.startswith("    " + start)]
        self.assertTrue(found, f"{title}: no command {start}")
        return found

    def test_pawl_test(self):
        self.follow(self.PAGE, "`pawl test`")
        (self.folder / "busy.test.json").is_file()
        for command in self.commands("`pawl test`", "pawl test"):
            with self.subTest(command):
                self.assertIn("0 failed", self.run_text(command))
        self.assertIn("a busy table is asked again", (self.folder / "out.xml").read_text())

    def test_pawl_run_with_mocks(self):
        for command in self.commands("Mock configuration files", "pawl run"):
            with self.subTest(command):
                self.assertIn('"paid_cents":9900', self.run_text(command).replace(" ", ""))

    def test_a_mock_configuration_by_the_command_line(self):
        """Each test case of the example: success, retries that then succeed, throws, ranges; months pass at once."""
        [command] = self.commands("Mock configuration files", "pawl serve")
        self.assertIn("--mock-config MockConfigFile.json", command)
        server = Pawl(self.folder, arguments=["--mock-config", "MockConfigFile.json", "--time-skipping"]).start()
        self.addCleanup(server.close)
        endpoint = f"127.0.0.1:{server.port}"
        aws = f"aws stepfunctions --endpoint-url http://{endpoint} --output json "
        create, start = [line for line in indented_commands(self.folder / "README.md") if line.startswith("aws ")]
        self.run_text(create, endpoint)
        api = Api(server.port)
        self.addCleanup(api.close)
        ends = {"PaidAtOnce": 1, "PaidAfterTwoReminders": 3, "TableIsBusyFiveTimes": 6, "TableIsGone": 1}
        for case, looks in ends.items():
            with self.subTest(case):
                arn = json.loads(self.run_text(start.replace("#PaidAfterTwoReminders", "#" + case), endpoint))["executionArn"]
                ended = api.wait_for_end(arn, 10)
                self.assertEqual(ended["status"], "SUCCEEDED", ended)
                events = json.loads(self.run_text(aws + f"get-execution-history --execution-arn {arn}"))["events"]
                asked = [e for e in events if e["type"] == "TaskScheduled" and e["taskScheduledEventDetails"]["resource"] == "getItem"]
                self.assertEqual(len(asked), looks)
                failed = [e["taskFailedEventDetails"]["error"] for e in events if e["type"] == "TaskFailed"]
                expected = {"TableIsBusyFiveTimes": ["DynamoDB.ProvisionedThroughputExceededException"] * 5,
                            "TableIsGone": ["DynamoDB.ResourceNotFoundException"]}
                self.assertEqual(failed, expected.get(case, []))

    def test_test_state(self):
        """The command of the page; old CLIs know no such operation, so it is asked for by the model beside this file."""
        [command] = self.commands("TestState", "aws stepfunctions test-state")
        self.assertIn("--definition file://state.json", command)
        (self.folder / "state.json").write_text(json.dumps({
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": True,
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 5}]}))
        server = Pawl(self.folder).start()
        self.addCleanup(server.close)
        endpoint = f"127.0.0.1:{server.port}"
        command = f"export AWS_DATA_PATH={HERE / 'model'} HTTP_PROXY=http://{endpoint}\n" + command
        answer = json.loads(self.run_text(command + " --output json", endpoint))
        self.assertEqual((answer["status"], answer["error"]), ("RETRIABLE", "Busy"))
        self.assertEqual(answer["inspectionData"]["errorDetails"]["retryBackoffIntervalSeconds"], 8)


class Examples(Recipe):
    """What READMEs say to serve is served, what they say to type is typed. scripts/demo plays what is left out: it has the programs that
    watch, serve, or play all examples."""
    ENDLESS = ("ingest.py", "reader.py", "uploads.py", "web.py")

    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "examples", self.folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))

    def follow_readme(self, name):
        """The commands that were run, with what they printed."""
        endpoint, printed = USUAL, {}
        for command in indented_commands(ROOT / "examples" / name):
            words = shlex.split(command)
            if words[0] == "scripts/demo" or command == "python3 examples/play.py":
                self.assertTrue((ROOT / words[-1] if words[0] == "python3" else ROOT / "examples" / words[1]).exists(), command)
            elif words[0] == "python3" and words[1].endswith(self.ENDLESS):
                self.assertTrue((ROOT / words[1]).is_file(), command)
            elif words[:2] == ["pawl", "serve"]:
                arguments = words[2:]
                if "--store" in arguments:  # the server of a test has its own, as empty as that one
                    at = arguments.index("--store")
                    del arguments[at:at + 2]
                server = Pawl(self.folder, arguments=arguments).start()
                self.addCleanup(server.close)
                endpoint = f"127.0.0.1:{server.port}"
            else:
                more = f" --endpoint http://{endpoint}" if words[1:2] == ["examples/play.py"] else ""
                printed[command] = self.run_text(command + more, endpoint)
        return printed

    def test_all_together(self):
        printed = self.follow_readme("README.md")
        [order] = [text for command, text in printed.items() if command.startswith("pawl run examples/order/")]
        self.assertIn("tracking", json.loads(order))

    def test_order(self):
        self.assertIn("SUCCEEDED", self.follow_readme("order/README.md")["python3 examples/play.py order"])

    def test_thumbnails(self):
        # The server starts the functions, with the python3 that is first in its PATH.
        if subprocess.run(["python3", "-c", "import PIL"], capture_output=True, check=False).returncode != 0:
            print("LEFT OUT: the commands of examples/thumbnails: python3 has no Pillow", file=sys.stderr, flush=True)
            self.skipTest("no Pillow")
        self.assertIn('"thumbnails": 6', self.follow_readme("thumbnails/README.md")["python3 examples/play.py thumbnails"])

    def test_invoice(self):
        printed = self.follow_readme("invoice/README.md")
        self.assertIn("6 passed, 0 failed", printed["pawl test examples/invoice"])
        [started] = [text for command, text in printed.items() if " start-execution " in command]
        self.assertIn("execution", json.loads(started)["executionArn"])

    def test_what_the_others_name_is_there(self):
        for name in ("iot", "mobile", "stream", "weather"):
            with self.subTest(name):
                self.assertEqual(self.follow_readme(f"{name}/README.md"), {})


if __name__ == "__main__":
    unittest.main()
