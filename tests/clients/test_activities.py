"""Activities against a live Pawl: boto3, the AWS CLI, the worker of examples/, workers that vanish, thousands that wait."""
import json
import os
import pathlib
import resource
import select
import socket
import subprocess
import sys
import threading
import time
import unittest

import boto3
from botocore.config import Config
from harness import ROOT, Api, Pawl, eventually

AWS = "/usr/bin/aws"
WORKER = ROOT / "examples" / "activity_worker.py"
PREFIX = "arn:aws:states:us-east-1:000000000000:activity:"
IDLE_POLLERS = 10_000


def setUpModule():
    global pawl, sfn, api
    pawl = Pawl().start()
    api = Api(pawl.port, timeout=90)
    sfn = boto3.client(
        "stepfunctions", endpoint_url=pawl.endpoint, region_name="us-east-1", aws_access_key_id="test",
        aws_secret_access_key="test", config=Config(read_timeout=70, retries={"max_attempts": 0}),
    )


def tearDownModule():
    sfn.close()
    pawl.close()


def activity(name):
    return sfn.create_activity(name=name)["activityArn"]


def start(name, arn, task_input=None, **state):
    """An execution with one state, the activity's task; gives its ARN."""
    task = {"Type": "Task", "Resource": arn, "End": True, **state}
    machine = api.create(name, {"StartAt": "Ask", "States": {"Ask": task}})
    return api.call("StartExecution", stateMachineArn=machine, input=json.dumps(task_input or {}))["executionArn"]


def types(execution):
    return [event["type"] for event in api.history(execution)]


def poll_in_thread(arn, name="waiting"):
    answer = {}
    thread = threading.Thread(target=lambda: answer.update(sfn.get_activity_task(activityArn=arn, workerName=name)))
    thread.start()
    return thread, answer


class TheActivitiesThemselves(unittest.TestCase):
    def test_are_created_once_described_listed_and_deleted(self):
        first = sfn.create_activity(name="life", tags=[{"key": "k", "value": "v"}])
        again = sfn.create_activity(name="life")
        self.assertEqual((first["activityArn"], first["creationDate"]), (again["activityArn"], again["creationDate"]))
        described = sfn.describe_activity(activityArn=first["activityArn"])
        self.assertEqual((described["name"], described["activityArn"]), ("life", PREFIX + "life"))
        listed = sfn.get_paginator("list_activities").paginate(PaginationConfig={"PageSize": 1})
        self.assertIn("life", [one["name"] for page in listed for one in page["activities"]])
        sfn.delete_activity(activityArn=first["activityArn"])
        sfn.delete_activity(activityArn=first["activityArn"])
        with self.assertRaises(sfn.exceptions.ActivityDoesNotExist):
            sfn.describe_activity(activityArn=first["activityArn"])

    def test_wrong_names_and_arns_are_typed_errors(self):
        with self.assertRaises(sfn.exceptions.InvalidName):
            sfn.create_activity(name="a b")
        with self.assertRaises(sfn.exceptions.InvalidArn):
            sfn.describe_activity(activityArn="nonsense")
        with self.assertRaises(sfn.exceptions.InvalidArn):
            sfn.get_activity_task(activityArn="arn:aws:states:us-east-1:000000000000:stateMachine:m")
        with self.assertRaises(sfn.exceptions.ActivityDoesNotExist):
            sfn.get_activity_task(activityArn=PREFIX + "nobody-made-this")

    def test_the_cli_makes_and_lists_them(self):
        env = {**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}

        def aws(*arguments):
            command = [AWS, "stepfunctions", "--endpoint-url", pawl.endpoint, "--output", "json", *arguments]
            return json.loads(subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout or "{}")

        arn = aws("create-activity", "--name", "from-the-cli")["activityArn"]
        self.assertIn(arn, [one["activityArn"] for one in aws("list-activities")["activities"]])
        execution = start("cli-machine", arn, {"n": 1})
        task = aws("get-activity-task", "--activity-arn", arn, "--worker-name", "cli")
        self.assertEqual(json.loads(task["input"]), {"n": 1})
        aws("send-task-success", "--task-token", task["taskToken"], "--task-output", '{"n": 2}')
        self.assertEqual(api.wait_for_end(execution)["output"], '{"n": 2}')


class Workers(unittest.TestCase):
    def test_get_the_task_that_is_there_and_its_answer_goes_on(self):
        arn = activity("ready")
        execution = start("ready", arn, {"a": 1}, TimeoutSeconds=60, HeartbeatSeconds=30)
        task = sfn.get_activity_task(activityArn=arn, workerName="w-1")
        self.assertEqual(task["input"], '{"a": 1}')
        sfn.send_task_heartbeat(taskToken=task["taskToken"])
        sfn.send_task_success(taskToken=task["taskToken"], output='{"b": 2}')
        self.assertEqual(api.wait_for_end(execution)["output"], '{"b": 2}')
        events = api.history(execution)
        self.assertEqual([e["type"] for e in events], [
            "ExecutionStarted", "TaskStateEntered", "ActivityScheduled", "ActivityStarted", "ActivitySucceeded",
            "TaskStateExited", "ExecutionSucceeded"])
        scheduled, started = events[2]["activityScheduledEventDetails"], events[3]["activityStartedEventDetails"]
        self.assertEqual((scheduled["timeoutInSeconds"], scheduled["heartbeatInSeconds"]), (60, 30))
        self.assertEqual(started["workerName"], "w-1")

    def test_that_wait_get_the_task_that_comes(self):
        arn = activity("later")
        thread, answer = poll_in_thread(arn)
        time.sleep(0.3)
        execution = start("later", arn, {"late": True})
        thread.join(10)
        self.assertEqual(answer["input"], '{"late": true}')
        sfn.send_task_failure(taskToken=answer["taskToken"], error="Custom", cause="because")
        ended = api.wait_for_end(execution)
        self.assertEqual((ended["status"], ended["error"], ended["cause"]), ("FAILED", "Custom", "because"))
        self.assertIn("ActivityFailed", types(execution))

    def test_each_task_goes_to_one_of_many(self):
        arn = activity("shared")
        waiting = [poll_in_thread(arn, f"w-{i}") for i in range(10)]
        time.sleep(0.3)
        executions = [start(f"shared-{i}", arn, {"i": i}) for i in range(10)]
        for thread, _ in waiting:
            thread.join(20)
        self.assertEqual(sorted(json.loads(answer["input"])["i"] for _, answer in waiting), list(range(10)))
        for _, answer in waiting:
            sfn.send_task_success(taskToken=answer["taskToken"], output="1")
        self.assertTrue(all(api.wait_for_end(one)["status"] == "SUCCEEDED" for one in executions))

    def test_that_hang_up_get_no_task(self):
        arn = activity("hung-up")
        for _ in range(20):
            poll_and_hang_up(arn)
        time.sleep(0.5)
        execution = start("hung-up", arn, {"n": 7})
        task = sfn.get_activity_task(activityArn=arn)
        self.assertEqual(task["input"], '{"n": 7}')
        sfn.send_task_success(taskToken=task["taskToken"], output="{}")
        self.assertEqual(api.wait_for_end(execution)["status"], "SUCCEEDED")

    def test_that_vanish_with_a_task_miss_their_heartbeat(self):
        arn = activity("vanishes")
        retry = [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 1}]
        execution = start("vanishes", arn, {}, HeartbeatSeconds=1, Retry=retry)
        lost = sfn.get_activity_task(activityArn=arn, workerName="lost")
        found = sfn.get_activity_task(activityArn=arn, workerName="found")
        self.assertNotEqual(lost["taskToken"], found["taskToken"])
        with self.assertRaises(sfn.exceptions.TaskTimedOut):
            sfn.send_task_success(taskToken=lost["taskToken"], output="1")
        sfn.send_task_success(taskToken=found["taskToken"], output="2")
        self.assertEqual(api.wait_for_end(execution)["output"], "2")
        self.assertIn("ActivityTimedOut", types(execution))

    def test_answers_that_are_late_repeated_or_made_up_change_nothing(self):
        arn = activity("late")
        execution = start("late", arn, {})
        token = sfn.get_activity_task(activityArn=arn)["taskToken"]
        for wrong in ("x", token[:-1] + ("A" if token[-1] != "A" else "B"), token + token):
            with self.assertRaises(sfn.exceptions.InvalidToken):
                sfn.send_task_success(taskToken=wrong, output="1")
        with self.assertRaises(sfn.exceptions.InvalidOutput):
            sfn.send_task_success(taskToken=token, output="{")
        sfn.send_task_success(taskToken=token, output="1")
        events = len(api.wait_for_end(execution) and api.history(execution))
        for again in (lambda: sfn.send_task_success(taskToken=token, output="2"),
                      lambda: sfn.send_task_failure(taskToken=token),
                      lambda: sfn.send_task_heartbeat(taskToken=token)):
            with self.assertRaises(sfn.exceptions.TaskTimedOut):
                again()
        self.assertEqual(len(api.history(execution)), events)

    def test_of_the_recipe_do_their_work(self):
        arn = activity("recipe")
        executions = [start("recipe-good", arn, {"seconds": 0}), start("recipe-bad", arn, {"fail": "no"})]
        command = [sys.executable, str(WORKER), arn, "--endpoint", pawl.endpoint, "--tasks", "2"]
        subprocess.run(command, check=True, timeout=60)
        good, bad = (api.wait_for_end(one) for one in executions)
        self.assertEqual(json.loads(good["output"]), {"seconds": 0, "done": True})
        self.assertEqual((bad["error"], bad["cause"]), ("ValueError", "no"))


class Restarts(unittest.TestCase):
    def test_queued_and_taken_tasks_survive_a_kill(self):
        with Pawl() as own:
            own_api = Api(own.port)
            arn = own_api.call("CreateActivity", name="survives")["activityArn"]
            task = {"Type": "Task", "Resource": arn, "End": True}
            machine = own_api.create("survives", {"StartAt": "Ask", "States": {"Ask": task}})
            start_one = lambda n: own_api.call("StartExecution", stateMachineArn=machine, input=str(n))["executionArn"]
            taken = start_one(1)
            token = own_api.call("GetActivityTask", activityArn=arn)["taskToken"]
            queued = start_one(2)
            own.kill()
            own.start()
            own_api = Api(own.port)
            own_api.call("SendTaskSuccess", taskToken=token, output='"taken"')
            self.assertEqual(own_api.wait_for_end(taken)["output"], '"taken"')
            again = own_api.call("GetActivityTask", activityArn=arn)
            self.assertEqual(again["input"], "2")  # the queued one, and never the one that is done
            own_api.call("SendTaskSuccess", taskToken=again["taskToken"], output='"queued"')
            self.assertEqual(own_api.wait_for_end(queued)["output"], '"queued"')
            history = [event["type"] for event in own_api.history(taken)]
            self.assertEqual(history.count("ActivityStarted"), 1)


def poll_request(arn):
    body = json.dumps({"activityArn": arn}).encode()
    head = ("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.0\r\n"
            f"X-Amz-Target: AWSStepFunctions.GetActivityTask\r\nContent-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


def poll_and_hang_up(arn):
    with socket.create_connection(("127.0.0.1", pawl.port)) as connection:
        connection.sendall(poll_request(arn))
        time.sleep(0.02)


def status_of(server):
    """Threads, and kilobytes in memory."""
    lines = pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(fields["Threads"]), int(fields["VmRSS"].split()[0])


class Thousands(unittest.TestCase):
    def test_of_idle_workers_cost_no_threads_and_little_memory(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        count = min(IDLE_POLLERS, hard - 500)
        with Pawl() as own:
            own_api = Api(own.port, timeout=60)
            arn = own_api.call("CreateActivity", name="crowd")["activityArn"]
            task = {"Type": "Task", "Resource": arn, "End": True}
            machine = own_api.create("crowd", {"StartAt": "Ask", "States": {"Ask": task}})
            threads_before, memory_before = status_of(own)
            request, waiting = poll_request(arn), []
            try:
                for _ in range(count):
                    connection = socket.create_connection(("127.0.0.1", own.port))
                    connection.sendall(request)
                    waiting.append(connection)
                eventually(lambda: status_of(own)[0] < threads_before + 20, 40, "the threads to end")
                threads, memory = status_of(own)
                per_poller = (memory - memory_before) / count
                print(f"\n{count} idle pollers: {threads - threads_before} more threads, {per_poller:.1f} KB each", flush=True)
                self.assertLess(per_poller, 8)
                # One of them is served, and others are too.
                execution = own_api.call("StartExecution", stateMachineArn=machine)["executionArn"]
                served = select.poll()
                for connection in waiting:
                    served.register(connection, select.POLLIN)
                (descriptor, _), = served.poll(20_000)
                answer = next(c for c in waiting if c.fileno() == descriptor).recv(65536)
                token = json.loads(answer.partition(b"\r\n\r\n")[2])["taskToken"]
                own_api.call("SendTaskSuccess", taskToken=token, output="{}")
                self.assertEqual(own_api.wait_for_end(execution)["status"], "SUCCEEDED")
            finally:
                for connection in waiting:
                    connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class LongPolls(unittest.TestCase):
    def test_without_a_task_end_before_clients_give_up(self):
        began = time.monotonic()
        answer = api.call("GetActivityTask", activityArn=activity("empty"))
        self.assertEqual(answer, {})
        self.assertTrue(50 <= time.monotonic() - began <= 60)


if __name__ == "__main__":
    unittest.main()
