"""What the examples that drive workflows from outside have in common: the AWS API without an AWS client."""
import json
import os
import pathlib
import time
import urllib.error
import urllib.request

ROLE = "arn:aws:iam::000000000000:role/examples"
DATA = pathlib.Path(__file__).resolve().parents[1] / "build" / "examples"  # where the functions write


class ApiError(Exception):
    def __init__(self, name, message):
        super().__init__(f"{name}: {message}")
        self.name = name


class Api:
    def __init__(self, endpoint):
        self._url = endpoint.rstrip("/") + "/"

    def call(self, operation, **parameters):
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AWSStepFunctions." + operation}
        request = urllib.request.Request(self._url, json.dumps(parameters).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as answer:
            document = json.load(answer)
            raise ApiError(document.get("__type", str(answer.code)), document.get("message", "")) from None

    def create_or_update(self, name, definition, kind="STANDARD"):
        """Creates the machine; one of that name with another definition gets this one."""
        try:
            return self.call("CreateStateMachine", name=name, definition=definition, roleArn=ROLE, type=kind)["stateMachineArn"]
        except ApiError as error:
            if error.name != "StateMachineAlreadyExists":
                raise
        machines = self.call("ListStateMachines", maxResults=1000)["stateMachines"]
        arn = next(machine["stateMachineArn"] for machine in machines if machine["name"] == name)
        self.call("UpdateStateMachine", stateMachineArn=arn, definition=definition)
        return arn

    def run_now(self, machine, document):
        """Of an Express machine: its description when it has ended."""
        return self.call("StartSyncExecution", stateMachineArn=machine, input=json.dumps(document))

    def start_once(self, machine, name, document):
        """Starts an execution of that name, or finds the one that was started before."""
        try:
            return self.call("StartExecution", stateMachineArn=machine, name=name, input=json.dumps(document))["executionArn"]
        except ApiError as error:
            if error.name != "ExecutionAlreadyExists":
                raise
        return machine.replace(":stateMachine:", ":execution:") + ":" + name

    def wait_for_end(self, execution):
        while True:
            description = self.call("DescribeExecution", executionArn=execution)
            if description["status"] != "RUNNING":
                return description
            time.sleep(0.05)


def replace_file(path, text):
    """A reader sees the old text or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)


def checks(title, results):
    """Prints what was expected of an example, and gives how many of it came and how many did not."""
    for text, good in results:
        print(f"  {'ok  ' if good else 'UNEXPECTED'} {title}: {text}")
    good = sum(1 for _, came in results if came)
    return good, len(results) - good
