"""Debian's AWS CLI against a live Pawl: what a user types, what comes back, with which exit status."""
import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from harness import ENDED, ROLE, Pawl, eventually, write_functions

AWS = "/usr/bin/aws"  # Debian's; a newer one may come first in PATH
HERE = pathlib.Path(__file__).resolve().parent
PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": true}}}'
WAIT = '{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": true}}}'
NOWHERE = "arn:aws:states:us-east-1:000000000000:"


def setUpModule():
    global folder, pawl
    folder = tempfile.TemporaryDirectory()
    functions = pathlib.Path(folder.name) / "functions.json"
    write_functions(functions, HERE / "functions.py", ["keep-token"])
    pawl = Pawl(functions=functions).start()


def tearDownModule():
    pawl.close()
    folder.cleanup()


class Refused(Exception):
    def __init__(self, completed):
        super().__init__(completed.stderr.strip())
        self.status, self.text = completed.returncode, completed.stderr
        self.code = completed.stderr.partition("(")[2].partition(")")[0]


def aws(*arguments, **variables):
    """Runs `aws stepfunctions …` with these variables in its environment; gives the JSON it prints."""
    environment = {
        **variables,
        "PATH": os.environ["PATH"], "HOME": folder.name, "AWS_PAGER": "", "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [AWS, "--endpoint-url", pawl.endpoint, "--output", "json", "stepfunctions", *arguments]
    completed = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    if completed.returncode:
        raise Refused(completed)
    return json.loads(completed.stdout) if completed.stdout.strip() else {}


def create(name, definition):
    return aws("create-state-machine", "--name", name, "--definition", definition, "--role-arn", ROLE)["stateMachineArn"]


def wait_for_end(arn):
    def ended():
        description = aws("describe-execution", "--execution-arn", arn)
        return description if description["status"] in ENDED else None
    return eventually(ended, 30, f"{arn} to end")


class OtherServices(unittest.TestCase):
    """What a shell with an endpoint for all services is told."""

    def told(self, *arguments):
        environment = {"PATH": os.environ["PATH"], "HOME": folder.name, "AWS_PAGER": "", "AWS_EC2_METADATA_DISABLED": "true",
                       "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
        return subprocess.run([AWS, "--endpoint-url", pawl.endpoint, "--output", "json", *arguments], env=environment,
                              capture_output=True, text=True, timeout=120)

    def test_who_asks(self):
        told = self.told("sts", "get-caller-identity")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertEqual(json.loads(told.stdout),
                         {"UserId": "000000000000", "Account": "000000000000", "Arn": "arn:aws:iam::000000000000:root"})

    def test_they_are_not_here(self):
        for code, arguments in (("UnknownOperationException", ["iam", "list-roles"]),
                                ("UnknownOperationException", ["sns", "list-topics"]),
                                ("UnknownOperationException", ["dynamodb", "list-tables"]),
                                ("UnknownOperationException", ["scheduler", "list-schedules"]),
                                ("NotImplemented", ["s3", "ls"])):
            told = self.told(*arguments)
            self.assertIn(f"({code})", told.stderr, arguments)
            self.assertIn("Pawl speaks for Step Functions and Lambda only", told.stderr)
            self.assertNotEqual(told.returncode, 0)


class AwsCli(unittest.TestCase):
    def refuses(self, code, *arguments):
        with self.assertRaises(Refused) as raised:
            aws(*arguments)
        self.assertEqual((raised.exception.code, raised.exception.status), (code, 254), str(raised.exception))
        return raised.exception.text

    def test_a_state_machine_from_its_creation_to_its_end(self):
        created = aws("create-state-machine", "--name", "life", "--definition", PASS, "--role-arn", ROLE)
        arn = created["stateMachineArn"]
        self.assertEqual(arn, NOWHERE + "stateMachine:life")
        described = aws("describe-state-machine", "--state-machine-arn", arn)
        self.assertEqual(described["definition"], PASS)
        self.assertEqual((described["name"], described["status"], described["type"]), ("life", "ACTIVE", "STANDARD"))
        self.assertEqual((described["roleArn"], described["creationDate"]), (ROLE, created["creationDate"]))
        self.assertEqual(described["loggingConfiguration"], {"level": "OFF", "includeExecutionData": False})
        self.assertEqual(described["tracingConfiguration"], {"enabled": False})
        age = datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(created["creationDate"])
        self.assertLess(abs(age.total_seconds()), 60)

        updated = aws("update-state-machine", "--state-machine-arn", arn, "--definition", WAIT)
        self.assertIn("updateDate", updated)
        self.assertEqual(aws("describe-state-machine", "--state-machine-arn", arn)["definition"], WAIT)

        listed = {machine["name"]: machine for machine in aws("list-state-machines")["stateMachines"]}
        self.assertEqual(listed["life"], {"stateMachineArn": arn, "name": "life", "type": "STANDARD", "creationDate": created["creationDate"]})

        self.assertEqual(aws("delete-state-machine", "--state-machine-arn", arn), {})
        self.refuses("StateMachineDoesNotExist", "describe-state-machine", "--state-machine-arn", arn)
        self.assertNotIn("life", [machine["name"] for machine in aws("list-state-machines")["stateMachines"]])
        self.assertEqual(aws("delete-state-machine", "--state-machine-arn", arn), {})

    def test_creating_again_is_idempotent_for_the_same_definition_only(self):
        first = aws("create-state-machine", "--name", "twice", "--definition", PASS, "--role-arn", ROLE)
        again = aws("create-state-machine", "--name", "twice", "--definition", PASS, "--role-arn", ROLE)
        self.assertEqual(again, first)
        self.refuses("StateMachineAlreadyExists", "create-state-machine", "--name", "twice", "--definition", WAIT, "--role-arn", ROLE)

    def test_wrong_requests_are_refused_with_their_codes(self):
        missing_next = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}'
        text = self.refuses("InvalidDefinition", "create-state-machine", "--name", "bad", "--definition", missing_next, "--role-arn", ROLE)
        self.assertIn("CreateStateMachine", text)
        self.refuses("InvalidDefinition", "create-state-machine", "--name", "bad", "--definition", "no json", "--role-arn", ROLE)
        self.refuses("InvalidName", "create-state-machine", "--name", "a b", "--definition", PASS, "--role-arn", ROLE)
        self.refuses("InvalidArn", "describe-state-machine", "--state-machine-arn", "not-an-arn")
        self.refuses("InvalidArn", "describe-execution", "--execution-arn", "not-an-arn")
        self.refuses("StateMachineDoesNotExist", "start-execution", "--state-machine-arn", NOWHERE + "stateMachine:none")
        self.refuses("ExecutionDoesNotExist", "describe-execution", "--execution-arn", NOWHERE + "execution:none:none")
        self.refuses("ExecutionDoesNotExist", "get-execution-history", "--execution-arn", NOWHERE + "execution:none:none")

    def test_an_execution_runs_and_is_listed(self):
        machine = create("runs", '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}')
        self.refuses("InvalidExecutionInput", "start-execution", "--state-machine-arn", machine, "--input", "{no json")
        self.refuses("InvalidName", "start-execution", "--state-machine-arn", machine, "--name", "a b")
        started = aws("start-execution", "--state-machine-arn", machine, "--name", "one", "--input", '{"n": [1, "ü"]}')
        self.assertEqual(started["executionArn"], NOWHERE + "execution:runs:one")
        ended = wait_for_end(started["executionArn"])
        self.assertEqual((ended["status"], ended["name"], ended["stateMachineArn"]), ("SUCCEEDED", "one", machine))
        self.assertEqual((json.loads(ended["output"]), ended["startDate"]), ({"n": [1, "ü"]}, started["startDate"]))
        self.assertEqual((ended["inputDetails"], ended["outputDetails"]), ({"included": True}, {"included": True}))

        unnamed = aws("start-execution", "--state-machine-arn", machine)["executionArn"]
        self.assertEqual(wait_for_end(unnamed)["input"], "{}")
        listed = aws("list-executions", "--state-machine-arn", machine, "--status-filter", "SUCCEEDED")["executions"]
        self.assertEqual([item["executionArn"] for item in listed], [unnamed, started["executionArn"]])
        self.assertEqual(aws("list-executions", "--state-machine-arn", machine, "--status-filter", "FAILED")["executions"], [])

    def test_starting_again_is_idempotent_while_it_runs(self):
        machine = create("again", WAIT)
        start = ["start-execution", "--state-machine-arn", machine, "--name", "one", "--input"]
        first = aws(*start, '{"n": 1}')
        self.assertEqual(aws(*start, '{"n": 1}'), first)
        self.refuses("ExecutionAlreadyExists", *start, '{"n": 2}')

        stopped = aws("stop-execution", "--execution-arn", first["executionArn"], "--error", "Enough", "--cause", "it is late")
        ended = aws("describe-execution", "--execution-arn", first["executionArn"])
        self.assertEqual((ended["status"], ended["error"], ended["cause"]), ("ABORTED", "Enough", "it is late"))
        self.assertEqual(ended["stopDate"], stopped["stopDate"])
        self.refuses("ExecutionAlreadyExists", *start, '{"n": 1}')

    def test_a_history_is_read_page_by_page(self):
        states = {f"S{i}": {"Type": "Pass", "Next": f"S{i + 1}"} for i in range(5)}
        states["S5"] = {"Type": "Succeed"}
        machine = create("pages", json.dumps({"StartAt": "S0", "States": states}))
        arn = aws("start-execution", "--state-machine-arn", machine)["executionArn"]
        wait_for_end(arn)
        history = ["get-execution-history", "--execution-arn", arn]
        whole = aws(*history)["events"]
        self.assertEqual([event["id"] for event in whole], list(range(1, 15)))
        self.assertEqual((whole[0]["type"], whole[-1]["type"]), ("ExecutionStarted", "ExecutionSucceeded"))
        self.assertEqual(aws(*history, "--page-size", "3")["events"], whole)
        part = aws(*history, "--max-items", "4")
        rest = aws(*history, "--starting-token", part["NextToken"])
        self.assertEqual(part["events"] + rest["events"], whole)
        self.assertEqual(aws(*history, "--reverse-order", "--page-size", "4")["events"], whole[::-1])
        bare = aws(*history, "--no-include-execution-data")["events"]
        self.assertNotIn("input", bare[0]["executionStartedEventDetails"])
        self.refuses("InvalidToken", *history, "--next-token", "garbage")

    def test_an_express_machine_answers_with_its_end(self):
        arn = aws("create-state-machine", "--name", "express", "--definition", PASS, "--role-arn", ROLE, "--type", "EXPRESS")["stateMachineArn"]
        # This CLI always puts "sync-" before the host. As its own proxy the server gets "POST http://sync-…/".
        run = ["start-sync-execution", "--state-machine-arn", arn, "--input", "[2]"]
        answer = aws(*run, HTTP_PROXY=pawl.endpoint)
        self.assertEqual((answer["status"], answer["output"], answer["input"]), ("SUCCEEDED", "1", "[2]"))
        self.assertGreaterEqual(answer["billingDetails"]["billedDurationInMilliseconds"], 100)
        with self.assertRaises(Refused) as refused:
            aws("list-executions", "--state-machine-arn", arn)
        self.assertEqual((refused.exception.code, refused.exception.status), ("StateMachineTypeNotSupported", 254))
        with self.assertRaises(Refused) as refused:
            aws(*run[:-1], "{", HTTP_PROXY=pawl.endpoint)
        self.assertEqual(refused.exception.code, "InvalidExecutionInput")

    def test_tags_are_kept(self):
        arn = aws("create-state-machine", "--name", "tagged", "--definition", PASS, "--role-arn", ROLE, "--tags", "key=a,value=1")["stateMachineArn"]
        aws("tag-resource", "--resource-arn", arn, "--tags", "key=b,value=2", "key=a,value=3")
        aws("untag-resource", "--resource-arn", arn, "--tag-keys", "b")
        self.assertEqual(aws("list-tags-for-resource", "--resource-arn", arn)["tags"], [{"key": "a", "value": "3"}])
        with self.assertRaises(Refused) as refused:
            aws("list-tags-for-resource", "--resource-arn", arn + "x")
        self.assertEqual(refused.exception.code, "ResourceNotFound")

    def test_task_tokens_are_answered_from_the_command_line(self):
        machine = create("callback", json.dumps({"StartAt": "Ask", "States": {"Ask": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "End": True,
            "Parameters": {"FunctionName": "keep-token", "Payload": {"file.$": "$.file", "token.$": "$$.Task.Token"}},
        }}}))

        def ask(name):
            file = pathlib.Path(folder.name) / name
            started = aws("start-execution", "--state-machine-arn", machine, "--name", name, "--input", json.dumps({"file": str(file)}))
            eventually(file.exists, 30, "the token")
            return started["executionArn"], file.read_text()

        arn, token = ask("success")
        self.assertEqual(aws("send-task-heartbeat", "--task-token", token), {})
        self.refuses("InvalidOutput", "send-task-success", "--task-token", token, "--task-output", "no json")
        self.assertEqual(aws("send-task-success", "--task-token", token, "--task-output", '{"ok": true}'), {})
        self.assertEqual(json.loads(wait_for_end(arn)["output"]), {"ok": True})
        self.refuses("TaskTimedOut", "send-task-success", "--task-token", token, "--task-output", "1")
        self.refuses("TaskTimedOut", "send-task-heartbeat", "--task-token", token)

        arn, token = ask("failure")
        self.assertEqual(aws("send-task-failure", "--task-token", token, "--error", "Nope", "--cause", "no reason"), {})
        ended = wait_for_end(arn)
        self.assertEqual((ended["status"], ended["error"], ended["cause"]), ("FAILED", "Nope", "no reason"))
        self.refuses("InvalidToken", "send-task-success", "--task-token", "made-up", "--task-output", "1")


if __name__ == "__main__":
    unittest.main()
