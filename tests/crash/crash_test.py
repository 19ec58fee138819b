#!/usr/bin/env python3
"""Kills a busy Pawl again and again, and proves that nothing it said was untrue.

    crash_test.py [--kills N] [--rounds N] [--threads N] [--seed S] [--short]

Threads start executions, answer task tokens, stop executions and read histories, while the server is killed with SIGKILL
at random moments and started again on the same store. In the end every acknowledged execution must be there, ended as its
number says, with a history that is whole, in order and the same as whatever was read of it before. A lost connection is
answered by asking again: a start by the same name. The seed fixes which workflows are started and when the server is
killed; threads and processes still race.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "clients")]
import checker  # noqa: E402
import workloads  # noqa: E402
from harness import ENDED, Api, ApiError, Pawl, execution_arn, processes_that_mention, write_functions  # noqa: E402

PATIENCE_SECONDS = 60


class Ledger:
    """What the server has said so far. Shared by all threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self.started = {}  # arn -> (workload, number), acknowledged
        self.stopped = set()  # arns whose stop was acknowledged
        self.histories = {}  # arn -> the longest history that was read
        self.ends = {}  # arn -> the description that said it had ended
        self.complaints = []

    def complain(self, text):
        with self._lock:
            self.complaints.append(text)

    def record_start(self, arn, workload, number):
        with self._lock:
            self.started[arn] = (workload, number)

    def arns(self):
        with self._lock:
            return list(self.started)

    def record_reading(self, arn, description, events):
        """Keeps what was read; complains when it takes back what was read before."""
        with self._lock:
            for text in checker.check_prefix(self.histories.get(arn, []), events):
                self.complaints.append(f"{arn}: {text}")
            self.histories[arn] = max(self.histories.get(arn, []), events, key=len)
            earlier = self.ends.get(arn)
            if earlier and earlier != description:
                self.complaints.append(f"{arn}: had ended as {earlier} and is now {description}")
            if description["status"] in ENDED:
                self.ends[arn] = description


def patiently(call):
    """The answer, or the ApiError; asks again while there is no server. Also tells how often it had to ask."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    tries = 0
    while True:
        tries += 1
        try:
            return call(), tries
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.03)
        except ApiError as error:
            if error.name != "ThrottlingException" or time.monotonic() > deadline:
                error.tries = tries
                raise
            time.sleep(0.1)


class Round:
    """One store, from its creation to the last check."""

    def __init__(self, seed, kills, threads, folder):
        self.random = random.Random(seed)
        self.kills, self.threads, self.folder = kills, threads, pathlib.Path(folder)
        functions, self.handlers = self.folder / "functions.json", self.folder / "functions.py"
        shutil.copy(HERE / "functions.py", self.handlers)  # so that its processes can be told from all others
        write_functions(functions, self.handlers, ["double", "flaky", "keep-token"], max_concurrency=2)
        self.server = Pawl(folder=self.folder, functions=functions)
        self.ledger = Ledger()
        self.numbers = iter(range(1, 10**9))
        self.no_more_starts, self.all_over = threading.Event(), threading.Event()
        self.readiness = []  # seconds from start to ready

    # ------------------------------------------------------------------------------------------------- the clients

    def ask(self, operation, **parameters):
        return patiently(lambda: self.api.call(operation, **parameters))[0]

    def start_executions(self, seed):
        chance = random.Random(seed)
        while not self.no_more_starts.is_set():
            workload, number = chance.choice(workloads.ALL), next(self.numbers)
            name, text = f"run-{number}", json.dumps(workload.input(number, str(self.folder)))
            arn = execution_arn(self.machines[workload.name], name)
            try:
                answer, _ = patiently(lambda: self.api.call(
                    "StartExecution", stateMachineArn=self.machines[workload.name], name=name, input=text))
                if answer["executionArn"] != arn:
                    self.ledger.complain(f"{arn} was started as {answer['executionArn']}")
            except ApiError as error:
                # It was started by a try whose answer was lost, and has ended since: then it is there.
                if error.name != "ExecutionAlreadyExists" or error.tries == 1:
                    self.ledger.complain(f"start of {arn}: {error}")
                    continue
            self.ledger.record_start(arn, workload, number)
            time.sleep(chance.uniform(0, 0.2))

    def answer_tokens(self):
        """Answers each token, then once more: the second answer must change nothing."""
        answered = set()
        while not self.all_over.is_set():
            for file in self.folder.glob("token-*"):
                number = int(file.name.partition("-")[2])
                if number in answered:
                    continue
                answered.add(number)
                token = file.read_text()
                for output, wanted in ((7 * number, True), (-1, False)):
                    try:
                        _, tries = patiently(lambda: self.api.call("SendTaskSuccess", taskToken=token, output=str(output)))
                        if not wanted:
                            self.ledger.complain(f"token {number} was answered twice")
                    except ApiError as error:
                        if error.name != "TaskTimedOut" or (wanted and error.tries == 1):
                            self.ledger.complain(f"token {number}, answer {output}: {error}")
            time.sleep(0.02)

    def stop_executions(self):
        while not self.all_over.is_set():
            for arn in self.ledger.arns():
                if not self.ledger.started[arn][0].stopped or arn in self.ledger.stopped:
                    continue
                try:
                    patiently(lambda: self.api.call(
                        "StopExecution", executionArn=arn, error=workloads.STOP_ERROR, cause=workloads.STOP_CAUSE))
                    self.ledger.stopped.add(arn)
                except ApiError as error:
                    self.ledger.complain(f"stop of {arn}: {error}")
            time.sleep(0.05)

    def read(self, arn):
        try:
            description, _ = patiently(lambda: self.api.call("DescribeExecution", executionArn=arn))
            events, _ = patiently(lambda: self.api.history(arn, maxResults=self.page))
        except ApiError as error:
            self.ledger.complain(f"{arn} was acknowledged: {error}")
            return None, []
        self.ledger.record_reading(arn, description, events)
        return description, events

    def read_along(self, seed):
        chance = random.Random(seed)
        while not self.all_over.is_set():
            arns = self.ledger.arns()
            if arns:
                self.read(chance.choice(arns[-50:]))
            time.sleep(0.02)

    # ------------------------------------------------------------------------------------------------- the killing

    def run_and_kill(self):
        """One life of the server; a quarter of them end before or just after it is ready."""
        life = self.random.uniform(0, 0.3) if self.random.random() < 0.25 else self.random.uniform(0.3, 2.5)
        launched = time.monotonic()
        process = self.server.launch()
        timer = threading.Timer(life, process.kill)
        timer.start()
        if self.server.wait_until_ready():
            self.readiness.append(time.monotonic() - launched)
        status = process.wait()
        timer.cancel()
        if status != -9:
            self.ledger.complain(f"the server ended by itself with status {status}; see {self.server.log}")

    # ----------------------------------------------------------------------------------------------------- the round

    def run(self):
        self.server.start()
        self.api = Api(self.server.port, timeout=20)
        self.page = self.random.choice([3, 50, 1000])
        self.machines = {w.name: self.api.create(w.name, w.definition) for w in workloads.ALL}
        self.server.kill()
        starters = [threading.Thread(target=self.start_executions, args=(self.random.random(),)) for _ in range(self.threads)]
        others = [threading.Thread(target=target, args=args) for target, args in (
            (self.answer_tokens, ()), (self.stop_executions, ()), (self.read_along, (self.random.random(),)))]
        for thread in starters + others:
            thread.start()
        try:
            for _ in range(self.kills):
                self.run_and_kill()
            launched = time.monotonic()
            self.server.start()
            self.readiness.append(time.monotonic() - launched)
            self.no_more_starts.set()
            for thread in starters:
                thread.join()
            self.wait_for_ends()
        finally:
            self.no_more_starts.set()
            self.all_over.set()
            for thread in starters + others:
                thread.join()
        self.check()

    def wait_for_ends(self):
        deadline = time.monotonic() + PATIENCE_SECONDS
        waiting = self.ledger.arns()
        while waiting and time.monotonic() < deadline:
            waiting = [arn for arn in waiting if self.ask("DescribeExecution", executionArn=arn)["status"] not in ENDED]
            time.sleep(0.1)

    def check(self):
        for arn, (workload, number) in self.ledger.started.items():
            description, events = self.read(arn)
            if description is None:
                continue
            for text in checker.check_execution(workload, number, description, events):
                self.ledger.complain(f"{arn}: {text}")
            if workload.stopped and description["status"] == "ABORTED":
                if (description.get("error"), description.get("cause")) != (workloads.STOP_ERROR, workloads.STOP_CAUSE):
                    self.ledger.complain(f"{arn}: stopped as {description.get('error')}: {description.get('cause')}")
            if number % 10 == 0:
                backwards, _ = patiently(lambda: self.api.history(arn, reverseOrder=True, maxResults=self.page))
                if backwards != events[::-1]:
                    self.ledger.complain(f"{arn}: the history is another one when it is read backwards")
        self.check_lists()
        self.check_ending()

    def check_lists(self):
        listed = []
        for machine in self.machines.values():
            token = {}
            while True:
                page = self.ask("ListExecutions", stateMachineArn=machine, maxResults=100, **token)
                listed += [item["executionArn"] for item in page["executions"]]
                if "nextToken" not in page:
                    break
                token = {"nextToken": page["nextToken"]}
        if len(listed) != len(set(listed)):
            self.ledger.complain("an execution is listed twice")
        for arn in set(self.ledger.started) ^ set(listed):
            self.ledger.complain(f"{arn} is {'listed' if arn in listed else 'acknowledged'} only")

    def check_ending(self):
        """An orderly end leaves no process behind, and the next start says what the last one said."""
        status = self.server.stop()
        if status != 0:
            self.ledger.complain(f"asked to end, the server ended with status {status}")
        deadline = time.monotonic() + 10
        while (left := processes_that_mention(str(self.handlers))) and time.monotonic() < deadline:
            time.sleep(0.1)
        if left:
            self.ledger.complain(f"functions still run: processes {left}")
        self.server.start()
        for arn in self.ledger.arns()[::7]:
            self.read(arn)  # compares with what was read before
        self.server.stop()


def run_round(seed, options):
    folder = tempfile.mkdtemp(prefix="pawl-crash-")
    print(f"crash test: seed {seed}, {options.kills} kills, in {folder}", flush=True)
    began = time.monotonic()
    crash = Round(seed, options.kills, options.threads, folder)
    try:
        crash.run()
    finally:
        if crash.server.process and crash.server.process.poll() is None:
            crash.server.kill()
    complaints = crash.ledger.complaints
    for text in complaints[:20]:
        print(f"  {text[:2000]}")
    print(
        f"  {len(crash.ledger.started)} executions, {sum(len(h) for h in crash.ledger.histories.values())} events, "
        f"ready after {max(crash.readiness):.2f} s at most, {time.monotonic() - began:.0f} s in all: "
        + (f"{len(complaints)} complaints; store and log are kept" if complaints else "nothing lost, nothing twice"),
        flush=True,
    )
    if not complaints:
        shutil.rmtree(folder)
    return not complaints


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--kills", type=int, default=20, help="of the server, in each round")
    arguments.add_argument("--rounds", type=int, default=1, help="each with a fresh store")
    arguments.add_argument("--threads", type=int, default=6, help="that start executions")
    arguments.add_argument("--seed", type=int, help="of the first round; the next ones count on")
    arguments.add_argument("--short", action="store_true", help="three kills: for every build")
    options = arguments.parse_args()
    if options.short:
        options.kills = 3
    first = options.seed if options.seed is not None else int.from_bytes(os.urandom(4), "big")
    results = [run_round(first + i, options) for i in range(options.rounds)]
    print(f"crash test: {results.count(True)} passed, {results.count(False)} failed")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
