"""Debian's boto3 against a live Pawl: typed exceptions, paginators, waiters, functions, many threads, a restart."""
import concurrent.futures
import datetime
import json
import pathlib
import tempfile
import time
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.waiter import WaiterModel, create_waiter_with_client
from harness import ROLE, Pawl, eventually, write_functions

HERE = pathlib.Path(__file__).resolve().parent
ECHO = "arn:aws:lambda:us-east-1:000000000000:function:echo"

EXECUTION_ENDED = WaiterModel({"version": 2, "waiters": {"Succeeded": {
    "operation": "DescribeExecution", "delay": 0.05, "maxAttempts": 600,
    "acceptors": [
        {"matcher": "path", "argument": "status", "expected": "SUCCEEDED", "state": "success"},
        {"matcher": "path", "argument": "status", "expected": "FAILED", "state": "failure"},
        {"matcher": "path", "argument": "status", "expected": "TIMED_OUT", "state": "failure"},
        {"matcher": "path", "argument": "status", "expected": "ABORTED", "state": "failure"},
    ],
}}})


def client_of(server, **config):
    return boto3.client(
        "stepfunctions", endpoint_url=server.endpoint, region_name="us-east-1", aws_access_key_id="test",
        aws_secret_access_key="test", config=Config(max_pool_connections=64, **config),
    )


def setUpModule():
    global folder, pawl, sfn
    folder = tempfile.TemporaryDirectory()
    functions = pathlib.Path(folder.name) / "functions.json"
    write_functions(functions, HERE / "functions.py", ["echo", "fail", "sleep", "flaky", "keep-token"], max_concurrency=4)
    pawl = Pawl(functions=functions).start()
    sfn = client_of(pawl)


def tearDownModule():
    sfn.close()
    pawl.close()
    folder.cleanup()


def machine(name, start, states, **more):
    definition = {"StartAt": start, "States": states, **more}
    return sfn.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]


def invoke(function, **more):
    return {"Type": "Task", "Resource": f"arn:aws:lambda:us-east-1:000000000000:function:{function}", "End": True, **more}


def start(arn, value=None, client=None, **more):
    return (client or sfn).start_execution(stateMachineArn=arn, input=json.dumps(value), **more)["executionArn"]


def end_of(arn, client=None):
    def ended():
        description = (client or sfn).describe_execution(executionArn=arn)
        return description if description["status"] != "RUNNING" else None
    return eventually(ended, 30, f"{arn} to end")


def output_of(arn, client=None):
    ended = end_of(arn, client)
    if ended["status"] != "SUCCEEDED":
        raise AssertionError(f"{arn} is {ended['status']}: {ended.get('error')}: {ended.get('cause')}")
    return json.loads(ended["output"])


def types_of(arn):
    pages = sfn.get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event["type"] for page in pages for event in page["events"]]


class Api(unittest.TestCase):
    def test_errors_are_typed_exceptions(self):
        known = machine("typed", "A", {"A": {"Type": "Succeed"}})
        unknown = known.replace("typed", "unknown")
        calls = [
            (sfn.exceptions.StateMachineDoesNotExist, lambda: sfn.describe_state_machine(stateMachineArn=unknown)),
            (sfn.exceptions.StateMachineDoesNotExist, lambda: start(unknown)),
            (sfn.exceptions.StateMachineDoesNotExist, lambda: sfn.list_executions(stateMachineArn=unknown)),
            (sfn.exceptions.ExecutionDoesNotExist, lambda: sfn.stop_execution(executionArn=known.replace(":stateMachine:", ":execution:") + ":x")),
            (sfn.exceptions.InvalidArn, lambda: sfn.describe_state_machine(stateMachineArn="nonsense")),
            (sfn.exceptions.InvalidName, lambda: start(known, name="a*b")),
            (sfn.exceptions.InvalidExecutionInput, lambda: sfn.start_execution(stateMachineArn=known, input="{")),
            (sfn.exceptions.InvalidDefinition, lambda: machine("bad", "Nowhere", {"A": {"Type": "Succeed"}})),
            (sfn.exceptions.InvalidToken, lambda: sfn.send_task_success(taskToken="x", output="1")),
            (sfn.exceptions.InvalidToken, lambda: sfn.list_state_machines(nextToken="garbage")),
            (sfn.exceptions.InvalidToken, lambda: sfn.list_executions(stateMachineArn=known, nextToken="garbage")),
        ]
        for kind, call in calls:
            with self.subTest(kind.__name__):
                with self.assertRaises(kind) as raised:
                    call()
                answer = raised.exception.response
                self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 400)
                self.assertRegex(answer["ResponseMetadata"]["RequestId"], r"^[0-9a-f]{8}-[0-9a-f]{4}-")
                self.assertTrue(answer["Error"]["Message"])

    def test_what_the_model_does_not_check_the_server_does(self):
        known = machine("checked", "A", {"A": {"Type": "Succeed"}})
        for call in (
            lambda: sfn.list_executions(stateMachineArn=known, statusFilter="FINE"),
            lambda: sfn.list_executions(stateMachineArn=known, maxResults=1001),
            lambda: sfn.create_state_machine(name="x", definition="{}", roleArn=ROLE, type="FAST"),
            lambda: start(known, name="x" * 81),
        ):
            with self.assertRaises(ClientError) as raised:
                call()
            self.assertIn(raised.exception.response["Error"]["Code"], ("ValidationException", "InvalidName"))

    def test_times_are_times(self):
        arn = start(machine("times", "A", {"A": {"Type": "Succeed"}}))
        ended = end_of(arn)
        now = datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(abs((now - ended["startDate"]).total_seconds()), 60)
        self.assertGreaterEqual(ended["stopDate"], ended["startDate"])
        events = sfn.get_execution_history(executionArn=arn)["events"]
        self.assertEqual([event["timestamp"] for event in events], sorted(event["timestamp"] for event in events))

    def test_any_json_text_passes_through(self):
        arn = machine("any", "A", {"A": {"Type": "Pass", "End": True}})
        for text in ("null", "0", '"text"', "[]", '{"z":1,"a":{"é":"日本","emoji":"🫖","esc":"\\u0000\\n"},"big":12345678901234567890}', '[1.0,1e3,-0]'):
            with self.subTest(text):
                execution = sfn.start_execution(stateMachineArn=arn, input=text)["executionArn"]
                ended = end_of(execution)
                self.assertEqual(ended["input"], text)
                self.assertEqual(json.loads(ended["output"]), json.loads(text))

    def test_the_largest_input_passes_and_a_larger_one_does_not(self):
        arn = machine("large", "A", {"A": {"Type": "Succeed"}})
        largest = json.dumps("x" * (256 * 1024 - 2))
        ended = end_of(sfn.start_execution(stateMachineArn=arn, input=largest)["executionArn"])
        self.assertEqual((ended["status"], ended["output"] == largest), ("SUCCEEDED", True))
        with self.assertRaises(ClientError):
            sfn.start_execution(stateMachineArn=arn, input=largest + " ", name="too-large")
        self.assertNotIn("too-large", [e["name"] for e in sfn.list_executions(stateMachineArn=arn)["executions"]])

    def test_lists_are_paged(self):
        arn = machine("paged", "A", {"A": {"Type": "Succeed"}})
        names = [f"run-{i:02}" for i in range(25)]
        for name in names:
            start(arn, name=name)
        pages = list(sfn.get_paginator("list_executions").paginate(stateMachineArn=arn, PaginationConfig={"PageSize": 10}))
        self.assertEqual([len(page["executions"]) for page in pages], [10, 10, 5])
        self.assertEqual([e["name"] for page in pages for e in page["executions"]], names[::-1])
        for i in range(7):
            machine(f"list-{i}", "A", {"A": {"Type": "Succeed"}})
        pages = list(sfn.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 3}))
        self.assertTrue(all(len(page["stateMachines"]) == 3 for page in pages[:-1]))
        listed = [m["name"] for page in pages for m in page["stateMachines"]]
        self.assertEqual(len(listed), len(set(listed)))
        self.assertTrue({f"list-{i}" for i in range(7)} <= set(listed))

    def test_a_page_may_be_asked_for_again(self):
        arn = machine("page-again", "A", {"A": {"Type": "Succeed"}})
        for i in range(5):
            start(arn, name=f"run-{i}")
        first = sfn.list_executions(stateMachineArn=arn, maxResults=2)
        second = [sfn.list_executions(stateMachineArn=arn, maxResults=2, nextToken=first["nextToken"])["executions"] for _ in range(2)]
        self.assertEqual(second[0], second[1])
        start(arn, name="newer")
        again = sfn.list_executions(stateMachineArn=arn, maxResults=2, nextToken=first["nextToken"])["executions"]
        self.assertEqual(again, second[0])

    def test_a_waiter_of_ones_own_sees_the_end(self):
        waiter = create_waiter_with_client("Succeeded", EXECUTION_ENDED, sfn)
        arn = start(machine("waited-for", "W", {"W": {"Type": "Wait", "Seconds": 1, "End": True}}))
        waiter.wait(executionArn=arn)
        description = sfn.describe_execution(executionArn=arn)
        self.assertGreaterEqual(description["stopDate"] - description["startDate"], datetime.timedelta(seconds=1))


class Machines(unittest.TestCase):
    def test_a_running_execution_keeps_its_definition(self):
        def definition(result):
            return json.dumps({"StartAt": "W", "States": {
                "W": {"Type": "Wait", "Seconds": 1, "Next": "R"}, "R": {"Type": "Pass", "Result": result, "End": True}}})
        arn = sfn.create_state_machine(name="revised", definition=definition("old"), roleArn=ROLE)["stateMachineArn"]
        old = start(arn)
        sfn.update_state_machine(stateMachineArn=arn, definition=definition("new"))
        new = start(arn)
        self.assertEqual(sfn.describe_state_machine(stateMachineArn=arn)["definition"], definition("new"))
        self.assertEqual(sfn.describe_state_machine_for_execution(executionArn=old)["definition"], definition("old"))
        self.assertEqual((output_of(old), output_of(new)), ("old", "new"))

    def test_what_fails_after_its_branches_follows_their_success(self):
        branch = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
        arn = machine("fails-late", "P", {"P": {"Type": "Parallel", "Branches": [branch], "ResultSelector": {"m.$": "$.nope"}, "End": True}})
        execution = start(arn)
        end_of(execution)
        *_, succeeded, failed = sfn.get_execution_history(executionArn=execution)["events"]
        self.assertEqual((succeeded["type"], failed["type"]), ("ParallelStateSucceeded", "ExecutionFailed"))
        self.assertEqual(failed["previousEventId"], succeeded["id"])

    def test_a_negative_number_of_items_fails_the_reader(self):
        reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"},
                  "ReaderConfig": {"InputType": "JSON", "MaxItemsPath": "$.n"}}
        items = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "I",
                 "States": {"I": {"Type": "Pass", "End": True}}}
        arn = machine("few-items", "M", {
            "M": {"Type": "Map", "ItemReader": reader, "ItemProcessor": items, "End": True,
                  "Catch": [{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "C"}]},
            "C": {"Type": "Pass", "End": True}})
        self.assertEqual(output_of(start(arn, {"n": -1})), {"Error": "States.ItemReaderFailed", "Cause": "field MaxItems must be positive"})

    def test_the_header_with_a_trace_is_preferred(self):
        client = client_of(pawl)
        client.meta.events.register("before-sign.sfn.StartExecution",
                                    lambda request, **_: request.headers.add_header("X-Amzn-Trace-Id", "Root=1-header"))
        arn = machine("traced", "A", {"A": {"Type": "Pass", "End": True}})
        execution = client.start_execution(stateMachineArn=arn, traceHeader="Root=1-body")["executionArn"]
        self.assertEqual(sfn.describe_execution(executionArn=execution)["traceHeader"], "Root=1-header")
        client.close()

    def test_deleting_a_machine_ends_its_executions_at_their_next_state(self):
        arn = machine("short-lived", "W", {"W": {"Type": "Wait", "Seconds": 1, "Next": "E"}, "E": {"Type": "Succeed"}})
        execution = start(arn, 5)
        sfn.delete_state_machine(stateMachineArn=arn)
        self.assertEqual(sfn.describe_state_machine(stateMachineArn=arn)["status"], "DELETING")
        with self.assertRaises(sfn.exceptions.StateMachineDeleting):
            start(arn)
        self.assertEqual(end_of(execution)["status"], "ABORTED")
        with self.assertRaises(sfn.exceptions.StateMachineDoesNotExist):
            sfn.describe_state_machine(stateMachineArn=arn)
        self.assertEqual(sfn.describe_state_machine_for_execution(executionArn=execution)["name"], "short-lived")

    def test_tags_are_kept(self):
        arn = machine("tagged", "A", {"A": {"Type": "Succeed"}})
        sfn.tag_resource(resourceArn=arn, tags=[{"key": "team", "value": "red"}, {"key": "é", "value": "ü"}])
        sfn.untag_resource(resourceArn=arn, tagKeys=["team"])
        self.assertEqual(sfn.list_tags_for_resource(resourceArn=arn)["tags"], [{"key": "é", "value": "ü"}])
        with self.assertRaises(sfn.exceptions.TooManyTags):
            sfn.tag_resource(resourceArn=arn, tags=[{"key": str(i), "value": ""} for i in range(50)])
        with self.assertRaises(sfn.exceptions.ResourceNotFound):
            sfn.list_tags_for_resource(resourceArn=arn + "-not")

    def test_an_express_machine_answers_with_its_end(self):
        client = client_of(pawl, inject_host_prefix=False)
        definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 7, "End": True}}})
        arn = client.create_state_machine(name="express", definition=definition, roleArn=ROLE, type="EXPRESS")["stateMachineArn"]
        answer = client.start_sync_execution(stateMachineArn=arn, name="n", input="[]")
        self.assertEqual((answer["status"], answer["output"], answer["input"]), ("SUCCEEDED", "7", "[]"))
        self.assertRegex(answer["executionArn"], r":express:express:n:[0-9a-f-]{36}$")
        with self.assertRaises(client.exceptions.StateMachineTypeNotSupported):
            client.list_executions(stateMachineArn=arn)
        with self.assertRaises(client.exceptions.InvalidArn):
            client.describe_execution(executionArn=answer["executionArn"])
        client.close()

    def test_a_name_is_free_again_after_deletion(self):
        arn = machine("reused", "A", {"A": {"Type": "Pass", "Result": 1, "End": True}})
        self.assertEqual(output_of(start(arn)), 1)
        sfn.delete_state_machine(stateMachineArn=arn)
        self.assertEqual(machine("reused", "A", {"A": {"Type": "Pass", "Result": 2, "End": True}}), arn)
        self.assertEqual(output_of(start(arn)), 2)


class Functions(unittest.TestCase):
    def test_a_functions_answer_is_the_output(self):
        arn = machine("echo", "E", {"E": invoke("echo")})
        self.assertEqual(output_of(start(arn, {"n": [1, "ü"]})), {"n": [1, "ü"]})

    def test_the_optimized_form_wraps_the_answer(self):
        arn = machine("wrapped", "E", {"E": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True,
            "Parameters": {"FunctionName": ECHO, "Payload.$": "$"}}})
        output = output_of(start(arn, {"n": 1}))
        self.assertEqual((output["Payload"], output["StatusCode"], output["ExecutedVersion"]), ({"n": 1}, 200, "$LATEST"))

    def test_an_exception_is_the_error_and_its_text_is_in_the_cause(self):
        arn = machine("fails", "F", {"F": invoke("fail")})
        execution = start(arn, {"error": "OutOfTea", "message": "no leaves"})
        ended = end_of(execution)
        self.assertEqual((ended["status"], ended["error"]), ("FAILED", "OutOfTea"))
        self.assertEqual(json.loads(ended["cause"])["errorMessage"], "no leaves")
        self.assertEqual(types_of(execution), [
            "ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionFailed", "ExecutionFailed"])

    def test_retry_repeats_and_catch_catches(self):
        retry = [{"ErrorEquals": ["RuntimeError"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1}]
        catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.problem", "Next": "Caught"}]
        arn = machine("patient", "F", {"F": invoke("flaky", Retry=retry, Catch=catch), "Caught": {"Type": "Pass", "OutputPath": "$.problem.Error", "End": True}})
        counter = pathlib.Path(folder.name) / "counter"
        patient = start(arn, {"counter": str(counter), "failures": 2})
        hopeless = start(arn, {"counter": str(counter) + "2", "failures": 3})
        self.assertEqual(output_of(patient), {"calls": 3})
        self.assertEqual(types_of(patient).count("LambdaFunctionFailed"), 2)
        self.assertEqual(output_of(hopeless), "RuntimeError")

    def test_a_task_that_takes_too_long_times_out(self):
        arn = machine("late", "S", {"S": invoke("sleep", TimeoutSeconds=1)})
        before = time.monotonic()
        ended = end_of(start(arn, {"seconds": 20}))
        self.assertEqual((ended["status"], ended["error"]), ("FAILED", "States.Timeout"))
        self.assertLess(time.monotonic() - before, 5)

    def test_stopping_ends_an_execution_within_its_task(self):
        execution = start(machine("stopped", "S", {"S": invoke("sleep")}), {"seconds": 20})
        eventually(lambda: "LambdaFunctionStarted" in types_of(execution), 20, "the function to start")
        sfn.stop_execution(executionArn=execution, error="E", cause="C")
        ended = end_of(execution)
        self.assertEqual((ended["status"], ended["error"], ended["cause"]), ("ABORTED", "E", "C"))
        self.assertEqual(types_of(execution)[-1], "ExecutionAborted")

    def test_parallel_and_map_join_in_order(self):
        def branch(name, seconds):
            return {"StartAt": name, "States": {name: invoke("sleep", Parameters={"seconds": seconds})}}
        arn = machine("forks", "P", {
            "P": {"Type": "Parallel", "Branches": [branch("Slow", 0.4), branch("Fast", 0)], "ResultPath": "$.parallel", "Next": "M"},
            "M": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "ResultPath": "$.map", "End": True,
                  "ItemProcessor": {"StartAt": "E", "States": {"E": invoke("echo")}}},
        })
        output = output_of(start(arn, {"items": [3, 1, 2]}))
        self.assertEqual(output["parallel"], [{"seconds": 0.4}, {"seconds": 0}])
        self.assertEqual(output["map"], [3, 1, 2])

    def test_the_whole_machine_may_time_out(self):
        arn = machine("overdue", "W", {"W": {"Type": "Wait", "Seconds": 60, "End": True}}, TimeoutSeconds=1)
        ended = end_of(start(arn))
        self.assertEqual((ended["status"], ended["error"]), ("TIMED_OUT", "States.Timeout"))


class Threads(unittest.TestCase):
    def test_many_threads_each_get_their_own_answer(self):
        arn = machine("busy", "E", {"E": invoke("echo")})
        def run(number):
            return output_of(start(arn, number, name=f"run-{number}"))
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            self.assertEqual(list(pool.map(run, range(200))), list(range(200)))

    def test_one_name_started_by_many_is_one_execution(self):
        arn = machine("raced", "W", {"W": {"Type": "Wait", "Seconds": 2, "End": True}})
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            started = list(pool.map(lambda _: sfn.start_execution(stateMachineArn=arn, name="one", input="1"), range(32)))
        self.assertEqual(len({(answer["executionArn"], answer["startDate"]) for answer in started}), 1)
        self.assertEqual(len(sfn.list_executions(stateMachineArn=arn)["executions"]), 1)

    def test_one_name_with_many_inputs_has_one_winner(self):
        arn = machine("contested", "W", {"W": {"Type": "Wait", "Seconds": 2, "End": True}})
        def attempt(number):
            try:
                start(arn, number, name="one")
                return number
            except sfn.exceptions.ExecutionAlreadyExists:
                return None
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            winners = [number for number in pool.map(attempt, range(32)) if number is not None]
        self.assertEqual(len(winners), 1)
        self.assertEqual(output_of(arn.replace(":stateMachine:", ":execution:") + ":one"), winners[0])


class Restart(unittest.TestCase):
    def test_what_was_running_goes_on_after_a_restart(self):
        functions = pathlib.Path(folder.name) / "functions.json"
        with Pawl(functions=functions) as server:
            client = client_of(server)
            def create(name, states):
                definition = json.dumps({"StartAt": next(iter(states)), "States": states})
                return client.create_state_machine(name=name, definition=definition, roleArn=ROLE)["stateMachineArn"]
            waits = create("waits", {"W": {"Type": "Wait", "Seconds": 2, "End": True}})
            asks = create("asks", {"A": {
                "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "End": True,
                "Parameters": {"FunctionName": "keep-token", "Payload": {"file.$": "$", "token.$": "$$.Task.Token"}}}})
            file = server.folder / "token"
            asking, waiting = start(asks, str(file), client), start(waits, "patience", client)
            eventually(file.exists, 30, "the token")
            token = file.read_text()

            self.assertEqual(server.stop(), 0)
            server.start()
            self.assertEqual(client.describe_execution(executionArn=asking)["status"], "RUNNING")
            self.assertEqual([m["name"] for m in client.list_state_machines()["stateMachines"]], ["asks", "waits"])
            client.send_task_success(taskToken=token, output='"answer"')
            self.assertEqual(output_of(asking, client), "answer")
            self.assertEqual(output_of(waiting, client), "patience")
            client.close()


if __name__ == "__main__":
    unittest.main()
