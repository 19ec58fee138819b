"""A Pawl whose services are stand-ins, and workflows of one Task on it."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "clients"))
from harness import Api, ApiError, Pawl, eventually, program  # noqa: E402,F401

RESOURCE = "arn:aws:states:::"


def start_with(option, document):
    """(exit status, standard error) of a Pawl that can not start with this file."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "file.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        ended = subprocess.run([program(), "serve", "--listen", "127.0.0.1:0", "--store", "memory:", option, str(path)],
                               env=clean, capture_output=True, text=True, timeout=30, check=False)
        return ended.returncode, ended.stderr


class Workflows:
    """Pawl with --endpoints, --connections and more; runs one task at a time."""

    def __init__(self, endpoints=None, connections=None, arguments=()):
        self.folder = tempfile.TemporaryDirectory(prefix="pawl-integrations-")
        more = list(arguments)
        for option, document in (("--endpoints", endpoints), ("--connections", connections)):
            if document is not None:
                path = pathlib.Path(self.folder.name) / f"{option[2:]}.json"
                path.write_text(json.dumps(document))
                more += [option, str(path)]
        self.pawl = Pawl(folder=self.folder.name, arguments=more).start()
        self.api = Api(self.pawl.port)
        self._machines = {}

    def close(self):
        self.pawl.close()
        self.folder.cleanup()

    def start(self, resource, parameters, **state):
        definition = {"StartAt": "Call", "States": {"Call": {
            "Type": "Task", "Resource": RESOURCE + resource, "Parameters": parameters, "End": True, **state}}}
        text = json.dumps(definition)
        if text not in self._machines:
            self._machines[text] = self.api.create(f"machine-{len(self._machines)}", text)
        return self.api.call("StartExecution", stateMachineArn=self._machines[text])["executionArn"]

    def end(self, arn):
        ended = self.api.wait_for_end(arn)
        if ended["status"] == "SUCCEEDED":
            return json.loads(ended["output"])
        return ended

    def run(self, resource, parameters, **state):
        """The output, or of what did not succeed its description."""
        return self.end(self.start(resource, parameters, **state))

    def error(self, resource, parameters, **state):
        """(error, cause) of a task that fails."""
        ended = self.run(resource, parameters, **state)
        if "error" not in ended:
            raise AssertionError(f"{resource} did not fail: {ended}")
        return ended["error"], ended.get("cause", "")
