"""TestState, mock configuration files and `pawl test`, as users meet them."""
import json
import pathlib
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree

from harness import ROLE, ROOT, Api, ApiError, Pawl, program, write_functions

HERE = pathlib.Path(__file__).resolve().parent
INVOICE = ROOT / "examples" / "invoice"
ECHO = "arn:aws:lambda:us-east-1:000000000000:function:echo"


def setUpModule():
    global folder, pawl, api
    folder = tempfile.TemporaryDirectory()
    functions = pathlib.Path(folder.name) / "functions.json"
    write_functions(functions, HERE / "functions.py", ["echo"])
    pawl = Pawl(functions=functions).start()
    api = Api(pawl.port)


def tearDownModule():
    pawl.close()
    folder.cleanup()


def check(state, level="TRACE", **more):
    """TestState; texts that hold JSON are read."""
    for name in ("input", "variables", "context"):
        if name in more:
            more[name] = json.dumps(more[name])
    answer = api.call("TestState", definition=json.dumps(state), inspectionLevel=level, **more)
    if "output" in answer:
        answer["output"] = json.loads(answer["output"])
    data = answer.get("inspectionData", {})
    for name, value in data.items():
        if isinstance(value, str):
            data[name] = json.loads(value)
    return answer


def returns(value, **more):
    return {"result": json.dumps(value), **more}


class TestState(unittest.TestCase):
    def test_shows_the_data_flow_of_a_task_that_is_really_run(self):
        state = {"Type": "Task", "Resource": ECHO, "InputPath": "$.a", "Parameters": {"n.$": "$.n"}, "Next": "X",
                 "ResultSelector": {"got.$": "$.n"}, "ResultPath": "$.r", "OutputPath": "$.r"}
        answer = check(state, input={"a": {"n": 5}}, roleArn=ROLE)
        self.assertEqual((answer["status"], answer["nextState"], answer["output"]), ("SUCCEEDED", "X", {"got": 5}))
        data = answer["inspectionData"]
        self.assertEqual(data["afterInputPath"], {"n": 5})
        self.assertEqual(data["afterParameters"], {"n": 5})
        self.assertEqual(data["result"], {"n": 5})
        self.assertEqual(data["afterResultSelector"], {"got": 5})
        self.assertEqual(data["afterResultPath"], {"a": {"n": 5}, "r": {"got": 5}})

    def test_info_shows_only_what_came_of_it(self):
        answer = check({"Type": "Pass", "Result": 1, "End": True}, "INFO")
        self.assertEqual(answer, {"status": "SUCCEEDED", "output": 1})

    def test_a_wait_does_not_take_its_time(self):
        began = time.monotonic()
        self.assertEqual(check({"Type": "Wait", "Seconds": 1000, "Next": "N"}, input={"a": 1})["output"], {"a": 1})
        self.assertLess(time.monotonic() - began, 5)

    def test_mocked_errors_are_retried_caught_or_final(self):
        state = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": True,
                 "Retry": [{"ErrorEquals": ["A"], "IntervalSeconds": 3, "MaxAttempts": 2, "BackoffRate": 2}],
                 "Catch": [{"ErrorEquals": ["B"], "Next": "N1"}, {"ErrorEquals": ["A"], "ResultPath": "$.e", "Next": "N2"}]}
        def failed(name, retries=0):
            return check(state, input={}, mock={"errorOutput": {"error": name, "cause": "c"}},
                         stateConfiguration={"retrierRetryCount": retries})
        retried = failed("A", 1)
        self.assertEqual(retried["status"], "RETRIABLE")
        self.assertEqual(retried["inspectionData"]["errorDetails"], {"retryIndex": 0, "retryBackoffIntervalSeconds": 6})
        caught = failed("A", 2)
        self.assertEqual((caught["status"], caught["nextState"]), ("CAUGHT_ERROR", "N2"))
        self.assertEqual(caught["output"], {"e": {"Error": "A", "Cause": "c"}})
        self.assertEqual(caught["inspectionData"]["errorDetails"], {"retryIndex": 0, "catchIndex": 1})
        self.assertEqual(failed("B")["nextState"], "N1")
        self.assertEqual((failed("C")["status"], failed("C")["error"]), ("FAILED", "C"))

    def test_one_state_of_a_whole_machine_with_variables(self):
        machine = {"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"},
            "B": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "Assign": {"y.$": "$.x"}, "End": True}}}
        answer = check(machine, stateName="B", variables={"x": 7}, input={"z": 8})
        self.assertEqual(answer["output"], {"x": 7})
        self.assertEqual(answer["inspectionData"]["variables"], {"x": 7, "y": 7})
        with self.assertRaises(ApiError) as refused:
            check(machine, stateName="C")
        self.assertEqual((refused.exception.name, str(refused.exception)), ("ValidationException", "ValidationException: State not found in definition"))

    def test_what_an_item_reader_finds_is_read_as_it_says(self):
        def selected(data, **config):
            state = {"Type": "Map", "End": True, "ItemSelector": {"item.$": "$$.Map.Item.Value"},
                     "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config,
                                    "Parameters": {"Bucket": "b", "Key": "k"}},
                     "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "I",
                                       "States": {"I": {"Type": "Pass", "End": True}}}}
            answer = check(state, input={}, mock={"result": "[1]"}, stateConfiguration={"mapItemReaderData": data})
            return [each["item"] for each in answer["inspectionData"]["afterItemSelector"]]

        self.assertEqual(selected("a,b\n1,2\n", InputType="CSV", CSVHeaderLocation="FIRST_ROW"), [{"a": "1", "b": "2"}])
        self.assertEqual(selected('{"a": 1}\n{"a": 2}\n', InputType="JSONL"), [{"a": 1}, {"a": 2}])
        self.assertEqual(selected('{"a": {"b": [1, 2]}}', InputType="JSON", ItemsPointer="/a/b"), [1, 2])
        self.assertEqual(selected("[1, 2, 3]", InputType="JSON", MaxItems=2), [1, 2])
        with self.assertRaisesRegex(ApiError, "MapItemReaderData must be valid JSON"):
            selected("a,b", InputType="JSON")

    def test_a_wrong_input_is_told_as_of_an_execution(self):
        with self.assertRaisesRegex(ApiError, "Invalid State Machine Execution Input: 'Unrecognized token 'not'"):
            api.call("TestState", definition=json.dumps({"Type": "Pass", "End": True}), input="not json")

    def test_a_map_counts_failures_against_its_tolerance(self):
        state = {"Type": "Map", "ItemsPath": "$.v", "ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"},
                 "ToleratedFailureCount": 1, "MaxConcurrency": 2, "End": True,
                 "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "P",
                                   "States": {"P": {"Type": "Pass", "End": True}}}}
        good = check(state, input={"v": ["a", "b"]}, mock=returns([1, 2]), stateConfiguration={"mapIterationFailureCount": 1})
        self.assertEqual((good["status"], good["output"]), ("SUCCEEDED", [1, 2]))
        data = good["inspectionData"]
        self.assertEqual((data["maxConcurrency"], data["toleratedFailureCount"]), (2, 1))
        self.assertEqual(data["afterItemsPath"], ["a", "b"])
        self.assertEqual(data["afterItemSelector"], [{"i": 0, "v": "a"}, {"i": 1, "v": "b"}])
        bad = check(state, input={"v": ["a", "b"]}, mock=returns([1, 2]), stateConfiguration={"mapIterationFailureCount": 2})
        self.assertEqual(bad["error"], "States.ExceedToleratedFailureThreshold")

    def test_results_of_mocks_are_checked_as_far_as_asked(self):
        state = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage", "Parameters": {}, "End": True}
        def outcome(result, **more):
            try:
                return check(state, mock=returns(result, **more))["status"]
            except ApiError as refused:
                return str(refused).removeprefix("ValidationException: Mock result schema validation error: ")
        self.assertEqual(outcome({"MessageId": "m", "New": 1}), "SUCCEEDED")
        self.assertEqual(outcome({"MessageId": 1}), "Field 'MessageId' must be a string")
        self.assertEqual(outcome({"MessageId": 1}, fieldValidationMode="PRESENT"), "Field 'MessageId' must be a string")
        self.assertEqual(outcome({"MessageId": 1}, fieldValidationMode="NONE"), "SUCCEEDED")
        listed = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:listActivities", "Parameters": {}, "End": True}
        with self.assertRaisesRegex(ApiError, "Required field 'Activities' is missing"):
            check(listed, mock=returns({}))
        self.assertEqual(check(listed, mock=returns({}, fieldValidationMode="PRESENT"))["status"], "SUCCEEDED")

    def test_sync_2_has_its_output_parsed(self):
        ended = {"ExecutionArn": "a", "StateMachineArn": "b", "StartDate": "2026-01-01T00:00:00Z", "Status": "SUCCEEDED", "Output": {"a": 1}}
        state = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True,
                 "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:m"}}
        self.assertEqual(check(state, mock={"result": json.dumps(ended)})["output"]["Output"], {"a": 1})
        with self.assertRaisesRegex(ApiError, "Field 'Output' must be a string"):
            check({**state, "Resource": "arn:aws:states:::states:startExecution.sync"}, mock={"result": json.dumps(ended)})

    def test_states_without_an_answer_are_refused(self):
        for resource in ("arn:aws:states:us-east-1:000000000000:activity:a", "arn:aws:states:::lambda:invoke.waitForTaskToken"):
            with self.assertRaises(ApiError) as refused:
                check({"Type": "Task", "Resource": resource, "Parameters": {"FunctionName": "f"}, "End": True}, roleArn=ROLE)
            self.assertEqual(refused.exception.name, "InvalidDefinition")
        with self.assertRaises(ApiError) as refused:
            check({"Type": "Pass", "End": True}, mock=returns(1))
        self.assertIn("State type 'Pass'", str(refused.exception))


class MockConfigFiles(unittest.TestCase):
    def test_answer_tasks_without_any_endpoint_and_without_waiting(self):
        arguments = ["--mock-config", str(INVOICE / "MockConfigFile.json"), "--time-skipping"]
        with Pawl(arguments=arguments) as own:
            own_api = Api(own.port)
            machine = own_api.create("invoice", (INVOICE / "invoice.asl.json").read_text())
            def run(case):
                started = own_api.call("StartExecution", stateMachineArn=f"{machine}#{case}", input='{"invoice": "1"}')
                return own_api.wait_for_end(started["executionArn"])
            began = time.monotonic()
            reminded = run("PaidAfterTwoReminders")
            self.assertLess(time.monotonic() - began, 5)
            self.assertEqual(reminded["status"], "SUCCEEDED")
            self.assertGreater(reminded["stopDate"] - reminded["startDate"], 3 * 30 * 86_400)
            self.assertEqual(own_api.history(reminded["executionArn"])[0]["type"], "ExecutionStarted")
            self.assertEqual(json.loads(run("TableIsGone")["output"]), {"written_off": True})
            self.assertEqual(run("TableIsBusyFiveTimes")["status"], "SUCCEEDED")
            with self.assertRaisesRegex(ApiError, "has no test case 'Nope'.*PaidAtOnce"):
                run("Nope")

    def test_beyond_its_ranges_a_response_fails_the_execution(self):
        config = {"StateMachines": {"twice": {"TestCases": {"Once": {"T": "R"}}}}, "MockedResponses": {"R": {"0": {"Return": 1}}}}
        file = pathlib.Path(folder.name) / "once.json"
        file.write_text(json.dumps(config))
        task = {"Type": "Task", "Resource": ECHO, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}], "Next": "T"}
        states = {"T": task, "C": {"Type": "Pass", "End": True}}
        with Pawl(arguments=["--mock-config", str(file)]) as own:
            own_api = Api(own.port)
            machine = own_api.create("twice", {"StartAt": "T", "States": states})
            ended = own_api.wait_for_end(own_api.call("StartExecution", stateMachineArn=machine + "#Once")["executionArn"])
            self.assertEqual((ended["status"], ended["error"]), ("FAILED", "States.Runtime"))
            self.assertIn("no answer for invocation 1; it has: 0", ended["cause"])

    def test_that_are_wrong_are_refused_with_the_place(self):
        for config, text in (
            ({"StateMachines": {}}, "MockedResponses"),
            ({"StateMachines": {"m": {"TestCases": {"c": {"S": "R"}}}}, "MockedResponses": {}}, "StateMachines.m.TestCases.c.S: there is no mocked response 'R'"),
            ({"StateMachines": {}, "MockedResponses": {"R": {"2-1": {"Return": 1}}}}, "MockedResponses.R: '2-1'"),
            ({"StateMachines": {}, "MockedResponses": {"R": {"0-1": {"Return": 1}, "1": {"Return": 1}}}}, "invocation 1 is given twice"),
            ({"StateMachines": {}, "MockedResponses": {"R": {"0": {"Throw": {}}}}}, "MockedResponses.R.0.Throw"),
        ):
            file = pathlib.Path(folder.name) / "wrong.json"
            file.write_text(json.dumps(config))
            ended = subprocess.run([program(), "serve", "--store", "memory:", "--listen", "127.0.0.1:0", "--mock-config", str(file)],
                                   capture_output=True, text=True, timeout=30)
            self.assertEqual(ended.returncode, 2)
            self.assertIn(text, ended.stderr)


def pawl_command(*arguments, **more):
    return subprocess.run([program(), *map(str, arguments)], capture_output=True, text=True, timeout=60, **more)


class CommandLine(unittest.TestCase):
    def write(self, name, document):
        path = pathlib.Path(folder.name) / name
        path.write_text(json.dumps(document))
        return path

    def test_run_takes_mocks(self):
        machine = self.write("mocked.asl.json", {"StartAt": "T", "States": {
            "T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "Next": "W",
                  "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 600}]},
            "W": {"Type": "Wait", "Seconds": 86400, "End": True}}})
        mock = 'T=[{"Throw": {"Error": "Busy"}}, {"Return": {"MessageId": "m"}}]'
        done = pawl_command("run", machine, "--mock", mock, "--time-skipping", "--quiet")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (0, {"MessageId": "m"}), done.stderr)
        plain = pawl_command("run", machine, "--mock", 'T={"any": "value"}', "--time-skipping", "--quiet")
        self.assertEqual(json.loads(plain.stdout), {"any": "value"}, plain.stderr)
        self.assertEqual(pawl_command("run", machine, "--mock", "T=").returncode, 2)

    def test_the_examples_pass(self):
        done = pawl_command("test", ROOT / "examples")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("0 failed", done.stdout)

    def test_thirty_days_and_five_retries_take_less_than_a_tenth_of_a_second(self):
        suite = self.write("long.test.json", {
            "definition": {"StartAt": "W", "States": {
                "W": {"Type": "Wait", "Seconds": 2592000, "Next": "T"},
                "T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": True,
                      "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3600, "BackoffRate": 2, "MaxAttempts": 5}]}}},
            "tests": [{"name": "long", "mocks": {"T": {"0-4": {"Throw": {"Error": "Busy"}}, "5": {"Return": 1}}},
                       "expect": {"output": 1}}]})
        report = pathlib.Path(folder.name) / "long.xml"
        took = []
        for _ in range(3):  # the best of three: other programs share the machine
            done = pawl_command("test", suite, "--junit", report)
            self.assertEqual(done.returncode, 0, done.stdout)
            took.append(float(xml.etree.ElementTree.parse(report).find(".//testcase").get("time")))
        self.assertLess(min(took), 0.1, done.stdout)

    def test_failures_are_told_and_counted(self):
        suite = self.write("bad.test.json", {
            "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1, "l": [1, 2]}, "Next": "B"},
                                                       "B": {"Type": "Pass", "End": True}}},
            "tests": [
                {"name": "good", "expect": {"path": ["A", "B"]}},
                {"name": "wrong <output>", "expect": {"output": {"n": 2, "l": [1, 2], "m": 3}}},
                {"name": "wrong path", "expect": {"path": ["A", "C"]}},
                {"name": "wrong status", "expect": {"error": "X"}},
                {"name": "wrong event", "expect": {"events": [{"type": "PassStateExited"}, {"type": "ExecutionStarted"}]}},
                {"name": "a mock for nothing", "mocks": {"Z": {"Return": 1}}}]})
        report = pathlib.Path(folder.name) / "bad.xml"
        done = pawl_command("test", suite, "--junit", report)
        self.assertEqual(done.returncode, 1)
        for text in ("/n: expected 2, got 1", "/m: expected 3, but it is not there", "differs at step 2", "A → B",
                     "expected FAILED, got SUCCEEDED", "there is none with", "a mock for 'Z'", "1 passed, 5 failed"):
            self.assertIn(text, done.stdout)
        suites = xml.etree.ElementTree.parse(report).getroot()
        self.assertEqual(suites.find("testsuite").get("failures"), "5")
        self.assertEqual(len(suites.findall(".//failure")), 5)

    def test_what_has_no_mock_fails_and_says_so(self):
        suite = self.write("unmocked.test.json", {
            "definition": {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {}, "End": True}}},
            "tests": [{"name": "no mock"}]})
        done = pawl_command("test", suite)
        self.assertEqual(done.returncode, 1)
        self.assertIn("has no mock in this test", done.stdout)

    def test_files_that_are_wrong_are_bad_usage(self):
        for document, text in (({"tests": []}, "definition"), ({"definition": {}, "tests": [{}]}, "has no name"),
                               ({"definition": {}, "tests": [{"name": "x", "expects": {}}]}, "tests[0].expects: there is no such member")):
            done = pawl_command("test", self.write("wrong.test.json", document))
            self.assertEqual(done.returncode, 2)
            self.assertIn(text, done.stderr)
        self.assertEqual(pawl_command("test", folder.name + "/nothing-here").returncode, 2)


if __name__ == "__main__":
    unittest.main()
