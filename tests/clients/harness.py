"""A Pawl of one's own for a test: started on a free port with a fresh store, asked without any AWS client, and ended.

The program is the one that PAWL_BIN names, else build/dev/pawl. Standard library only.
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON_HOST = ROOT / "examples" / "runtime" / "python_host.py"
ROLE = "arn:aws:iam::000000000000:role/test"
MACHINE_PREFIX = "arn:aws:states:us-east-1:000000000000:stateMachine:"
ENDED = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")


def program():
    path = pathlib.Path(os.environ.get("PAWL_BIN") or ROOT / "build" / "dev" / "pawl").resolve()
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: build it, or set PAWL_BIN to a built pawl")
    return str(path)


def bubblewrap_works():
    """Containers often forbid the namespaces that it makes."""
    command = ["bwrap", "--ro-bind", "/", "/", "--unshare-pid", "--unshare-net", "true"]
    return shutil.which("bwrap") is not None and subprocess.run(command, capture_output=True).returncode == 0


def execution_arn(machine_arn, name):
    return machine_arn.replace(":stateMachine:", ":execution:") + ":" + name


def write_functions(path, handler_file, names, **options):
    """A functions file in which each name is run by the function of that name (with _ for -) of a Python file."""
    functions = {
        name: {"command": ["python3", str(PYTHON_HOST), str(handler_file), name.replace("-", "_")], **options} for name in names
    }
    pathlib.Path(path).write_text(json.dumps({"functions": functions}, indent=2))


class ApiError(Exception):
    """An answer that is an error: its type, text and HTTP status."""

    def __init__(self, name, message, status):
        super().__init__(f"{name}: {message}")
        self.name, self.message, self.status = name, message, status


class Api:
    """AWS's JSON protocol over a connection a thread. Broken connections raise OSError; nothing is tried again."""

    def __init__(self, port, timeout=30):
        self.port, self.timeout = port, timeout
        self._own = threading.local()

    def call(self, operation, **parameters):
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AWSStepFunctions." + operation}
        try:
            connection.request("POST", "/", json.dumps(parameters).encode(), headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._own.connection = None
            connection.close()
            raise ConnectionError(f"{operation}: {error!r}") from error
        document = json.loads(body)
        if response.status != 200:
            raise ApiError(document.get("__type", ""), document.get("message", ""), response.status)
        return document

    def close(self):
        """Of this thread's connection."""
        connection = getattr(self._own, "connection", None)
        self._own.connection = None
        if connection is not None:
            connection.close()

    def create(self, name, definition, **more):
        text = definition if isinstance(definition, str) else json.dumps(definition)
        return self.call("CreateStateMachine", name=name, definition=text, roleArn=ROLE, **more)["stateMachineArn"]

    def history(self, arn, **more):
        """All events, page by page."""
        events, token = [], {}
        while True:
            page = self.call("GetExecutionHistory", executionArn=arn, **token, **more)
            events += page["events"]
            if "nextToken" not in page:
                return events
            token = {"nextToken": page["nextToken"]}

    def wait_for_end(self, arn, seconds=30):
        return eventually(lambda: ended_or_none(self.call("DescribeExecution", executionArn=arn)), seconds, f"{arn} to end")


def ended_or_none(description):
    return description if description["status"] in ENDED else None


def eventually(ask, seconds, what):
    """Asks until there is something true to give back."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


class Pawl:
    """A running `pawl serve`. Stopped and started again it has the same port and the same store."""

    def __init__(self, folder=None, functions=None, arguments=()):
        self._own_folder = None if folder else tempfile.TemporaryDirectory(prefix="pawl-test-")
        self.folder = pathlib.Path(folder or self._own_folder.name)
        self.store = self.folder / "pawl.db"
        self.log = self.folder / "pawl.log"
        self._functions, self._arguments = functions, list(arguments)
        self.port = 0
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def launch(self):
        """Starts the process without waiting for it to be ready."""
        command = [program(), "serve", "--listen", f"127.0.0.1:{self.port}", "--store", f"sqlite:{self.store}", *self._arguments]
        if self._functions:
            command += ["--functions", str(self._functions)]
        log = open(self.log, "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=self.folder)
        log.close()
        return self.process

    def wait_until_ready(self, seconds=30):
        """Until the line that says so. False: the process ended first."""
        timer = threading.Timer(seconds, self.process.kill)
        timer.start()
        try:
            for line in self.process.stdout:
                found = re.match(rb"pawl: listening on http://[^:]+:(\d+)", line)
                if found:
                    self.port = int(found.group(1))
                    threading.Thread(target=drain, args=(self.process.stdout,), daemon=True).start()
                    return True
            return False
        finally:
            timer.cancel()

    def start(self):
        self.launch()
        if not self.wait_until_ready():
            raise RuntimeError(f"pawl did not start, status {self.process.wait()}:\n{self.log.read_text(errors='replace')}")
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds=30):
        """Asks it to end; gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds)

    def close(self):
        try:
            if self.process and self.process.poll() is None:
                self.stop()
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            if self._own_folder:
                self._own_folder.cleanup()


def quick_folder():
    """A temporary folder in memory where there is one, for tests that write much and whose power is not cut."""
    memory = pathlib.Path("/dev/shm")
    return tempfile.TemporaryDirectory(prefix="pawl-test-", dir=memory if os.access(memory, os.W_OK) else None)


class Unchanged:
    """Whether anything has been written to a server's store since the last look."""

    def __init__(self, server):
        self._database = sqlite3.connect(f"file:{server.store}?mode=ro", uri=True)
        self._version = None
        eventually(self.holds, 10, "the store to settle")
        time.sleep(0.3)  # what is written by the way follows within 100 ms
        self.holds()

    def holds(self):
        version = self._database.execute("PRAGMA data_version").fetchone()[0]  # counts the commits of others
        same = version == self._version
        self._version = version
        return same

    def close(self):
        self._database.close()


def drain(stream):
    with stream:
        for _ in stream:
            pass


def processes_that_mention(marker):
    """The process ids whose command line holds a text: whose functions still run."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if marker.encode() in (folder / "cmdline").read_bytes() and int(folder.name) != os.getpid():
                found.append(int(folder.name))
        except OSError:
            pass  # it has just ended
    return found
