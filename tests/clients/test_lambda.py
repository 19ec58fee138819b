"""Debian's boto3 and AWS CLI use the Lambda API of a live Pawl: functions from zips, versions, aliases, throttling, events, URLs,
tags, typed errors, waiters, workflows that call them, and a restart."""
import base64
import http.server
import io
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from harness import ROLE, Pawl, eventually

ACCOUNT = "arn:aws:lambda:us-east-1:000000000000:function:"

PYTHON = """
import json, os, time
import helper

def handler(event, context):
    print("called with", json.dumps(event))
    if event.get("raise"):
        raise ValueError(event["raise"])
    if event.get("sleep"):
        time.sleep(event["sleep"])
    if event.get("mark"):
        with open(event["mark"], "a") as file:
            file.write("x")
        if os.path.getsize(event["mark"]) <= event.get("failures", 0):
            raise RuntimeError("not yet")
    return {"event": event, "helper": helper.NAME, "arn": context.invoked_function_arn, "color": os.environ.get("COLOR"),
            "left": context.get_remaining_time_in_millis() > 0}
"""
NODE = """
exports.handler = async (event, context) => {
  console.log("node was called");
  if (event.fail) throw new TypeError(event.fail);
  return { sum: event.a + event.b, name: context.functionName };
};
"""
URL = """
import json

def handler(event, context):
    if event["rawPath"].startswith("/status/"):
        return {"statusCode": int(event["rawPath"][8:]), "body": "stray"}
    if event["rawPath"] == "/plain":
        return {"hello": "world"}
    if event["rawPath"] == "/broken":
        raise ValueError("broken")
    if event["rawPath"].startswith("/event/"):
        return event
    return {"statusCode": 201, "headers": {"X-Made-By": "url", "Content-Type": "text/plain"}, "cookies": ["a=1"],
            "body": json.dumps({"method": event["requestContext"]["http"]["method"], "path": event["rawPath"],
                                "query": event.get("queryStringParameters"), "body": event.get("body"),
                                "base64": event["isBase64Encoded"]})}
"""


class Services(http.server.ThreadingHTTPServer):
    """Stands in for SQS, SNS and EventBridge: takes every message and keeps it."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Services.Handler)
        self.messages = []  # as SQS's or an event's JSON, or SNS's form
        threading.Thread(target=self.serve_forever, daemon=True).start()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            target = self.headers.get("X-Amz-Target")
            message = json.loads(body) if target else dict(urllib.parse.parse_qsl(body))
            self.server.messages.append(message["Entries"][0] if target == "AWSEvents.PutEvents" else message)
            answer = b'{"FailedEntryCount": 0}' if target else b"<PublishResponse><PublishResult/></PublishResponse>"
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)


def zip_of(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def python_zip(helper="one"):
    return zip_of(app__py=PYTHON, helper__py=f"NAME = {helper!r}\n")


def client(service="lambda", **config):
    return boto3.client(service, endpoint_url=pawl.endpoint, region_name="us-east-1", aws_access_key_id="test",
                        aws_secret_access_key="test", config=Config(retries={"max_attempts": 0}, **config))


def setUpModule():
    global folder, pawl, functions, services
    folder = tempfile.TemporaryDirectory()
    (pathlib.Path(folder.name) / "buckets" / "code").mkdir(parents=True)
    given = pathlib.Path(folder.name) / "functions.json"
    given.write_text(json.dumps({"functions": {"given": {"command": ["sleep", "600"]}}}))
    services = Services()
    url = f"http://127.0.0.1:{services.server_address[1]}"
    endpoints = pathlib.Path(folder.name) / "endpoints.json"
    endpoints.write_text(json.dumps({"services": {"sqs": url, "sns": url, "eventbridge": url}}))
    pawl = Pawl(functions=given, arguments=["--event-pace", "0.002", "--buckets", f"{folder.name}/buckets",
                                            "--endpoints", str(endpoints)]).start()
    functions = client()


def tearDownModule():
    functions.close()
    pawl.close()
    services.shutdown()
    services.server_close()
    folder.cleanup()


def create(name, code=None, **more):
    settings = {"Runtime": "python3.11", "Handler": "app.handler", "Role": ROLE, **more}
    return functions.create_function(FunctionName=name, Code={"ZipFile": code or python_zip()}, **settings)


def call(name, event=None, **more):
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(event or {}), **more)
    body = answer["Payload"].read()
    return answer, json.loads(body) if body else None


class Functions(unittest.TestCase):
    def test_a_python_function_lives(self):
        made = create("life", Description="first", Timeout=10, MemorySize=256, Environment={"Variables": {"COLOR": "red"}},
                      Tags={"team": "blue"})
        self.assertEqual(made["FunctionArn"], ACCOUNT + "life")
        self.assertEqual((made["Version"], made["Timeout"], made["MemorySize"]), ("$LATEST", 10, 256))
        self.assertEqual(len(made["CodeSha256"]), 44)
        self.assertGreater(made["CodeSize"], 100)
        self.assertRegex(made["LastModified"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$")
        for waiter in ("function_active", "function_updated", "function_exists", "function_active_v2", "function_updated_v2"):
            functions.get_waiter(waiter).wait(FunctionName="life")
        answer, result = call("life", {"n": 1})
        self.assertEqual((answer["StatusCode"], answer["ExecutedVersion"], answer.get("FunctionError")), (200, "$LATEST", None))
        self.assertEqual(result, {"event": {"n": 1}, "helper": "one", "arn": ACCOUNT + "life", "color": "red", "left": True})

        whole = functions.get_function(FunctionName="life")
        self.assertEqual(whole["Tags"], {"team": "blue"})
        with urllib.request.urlopen(whole["Code"]["Location"]) as archive:
            self.assertEqual(zipfile.ZipFile(io.BytesIO(archive.read())).namelist(), ["app.py", "helper.py"])

        updated = functions.update_function_code(FunctionName="life", ZipFile=python_zip("two"), RevisionId=made["RevisionId"])
        self.assertNotEqual(updated["CodeSha256"], made["CodeSha256"])
        functions.get_waiter("function_updated").wait(FunctionName="life")
        self.assertEqual(call("life")[1]["helper"], "two")
        functions.update_function_configuration(FunctionName="life", Environment={"Variables": {"COLOR": "green"}}, Timeout=7)
        self.assertEqual(call("life")[1]["color"], "green")
        now = functions.get_function_configuration(FunctionName="life")
        self.assertEqual((now["Timeout"], now["Description"], now["CodeSha256"]), (7, "first", updated["CodeSha256"]))
        self.assertIn("life", [f["FunctionName"] for f in functions.list_functions()["Functions"]])
        functions.delete_function(FunctionName="life")
        with self.assertRaises(functions.exceptions.ResourceNotFoundException):
            functions.get_function(FunctionName="life")
        with self.assertRaises(functions.exceptions.ResourceNotFoundException):
            call("life")

    def test_a_node_function_lives(self):
        create("node", zip_of(index__js=NODE), Runtime="nodejs18.x", Handler="index.handler")
        self.assertEqual(call("node", {"a": 2, "b": 3})[1], {"sum": 5, "name": "node"})
        answer, error = call("node", {"fail": "bad"})
        self.assertEqual((answer["StatusCode"], answer["FunctionError"]), (200, "Unhandled"))
        self.assertEqual((error["errorType"], error["errorMessage"]), ("TypeError", "bad"))

    def test_names_come_in_many_forms(self):
        create("forms")
        for name in ("forms", "forms:$LATEST", ACCOUNT + "forms", ACCOUNT + "forms:$LATEST", "000000000000:function:forms"):
            with self.subTest(name):
                self.assertEqual(call(name, {"x": 1})[1]["event"], {"x": 1})
        self.assertEqual(functions.get_function_configuration(FunctionName=ACCOUNT + "forms")["FunctionName"], "forms")
        with self.assertRaises(functions.exceptions.InvalidParameterValueException):
            functions.invoke(FunctionName="forms:1", Qualifier="2")

    def test_functions_of_other_places_are_not_taken_for_ours(self):
        create("here")
        elsewhere = "arn:aws:lambda:eu-west-1:999999999999:function:here"
        for ask in (lambda: functions.delete_function(FunctionName=elsewhere),
                    lambda: functions.get_function(FunctionName="999999999999:function:here"),
                    lambda: functions.list_tags(Resource=elsewhere)):
            with self.assertRaisesRegex(functions.exceptions.ResourceNotFoundException, "Function not found: "):
                ask()
        self.assertEqual(call(elsewhere, {"a": 1})[1]["event"], {"a": 1})

    def test_settings_are_shown_as_given(self):
        # Newer members than this boto3 knows, so they are sent as they are.
        body = {"FunctionName": "shown", "Runtime": "python3.11", "Handler": "app.handler", "Role": ROLE,
                "Code": {"ZipFile": base64.b64encode(python_zip()).decode()}, "SnapStart": {"ApplyOn": "PublishedVersions"},
                "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/x/y"}, "Publish": True}
        request = urllib.request.Request(pawl.endpoint + "/2015-03-31/functions", data=json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            made = json.loads(answer.read())
        self.assertEqual(made["LoggingConfig"], {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO",
                                                 "LogGroup": "/x/y"})
        self.assertEqual(made["SnapStart"], {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"})
        create("default")
        with urllib.request.urlopen(pawl.endpoint + "/2015-03-31/functions/default/configuration") as answer:
            made = json.loads(answer.read())
        self.assertEqual(made["LoggingConfig"], {"LogFormat": "Text", "LogGroup": "/aws/lambda/default"})
        self.assertEqual(made["SnapStart"], {"ApplyOn": "None", "OptimizationStatus": "Off"})

    def test_archives_come_as_tools_make_them(self):
        files = {"app.py": PYTHON, "helper.py": "NAME = 'one'\n"}
        program = b"#!/usr/bin/env python3\n"
        adjusted = io.BytesIO()
        adjusted.write(program)  # as zipapp, shiv and pex do
        with zipfile.ZipFile(adjusted, "a") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        archives = {"dots": zip_of(**{"./" + name: content for name, content in files.items()}), "program": adjusted.getvalue(),
                    "in-front": program + python_zip(), "behind": python_zip() + b"\n"}
        for name, archive in archives.items():
            with self.subTest(name):
                create("archive-" + name, archive)
                self.assertEqual(call("archive-" + name)[1]["helper"], "one")

    def test_many_files_hold_up_nobody(self):
        create("patient")
        many = python_zip() + b""
        out = io.BytesIO(many)
        with zipfile.ZipFile(out, "a") as archive:
            for i in range(6000):
                archive.writestr(f"d{i % 50}/f{i}.py", "")
        slowest = []
        made = threading.Thread(target=lambda: create("many", out.getvalue()))
        begin = time.monotonic()
        made.start()
        while made.is_alive():
            start = time.monotonic()
            functions.tag_resource(Resource=ACCOUNT + "patient", Tags={"a": "b"})
            slowest.append(time.monotonic() - start)
        whole = time.monotonic() - begin
        self.assertEqual(call("many")[1]["helper"], "one")
        self.assertLess(max(slowest), max(1, whole / 2))

    def test_log_tail_and_context(self):
        create("tail")
        context = base64.b64encode(b'{"custom": {"a": 1}}').decode()
        answer, _ = call("tail", {"q": 1}, LogType="Tail", ClientContext=context)
        log = base64.b64decode(answer["LogResult"]).decode()
        self.assertIn('called with {"q": 1}', log)
        self.assertIn("REPORT RequestId: " + answer["ResponseMetadata"]["RequestId"], log)
        self.assertNotIn("LogResult", call("tail")[0])
        with self.assertRaises(functions.exceptions.InvalidRequestContentException):
            call("tail", ClientContext="not base64!")

    def test_dry_run_calls_nothing(self):
        create("dry")
        mark = pathlib.Path(folder.name) / "dry"
        self.assertEqual(call("dry", {"mark": str(mark)}, InvocationType="DryRun")[0]["StatusCode"], 204)
        time.sleep(0.2)
        self.assertFalse(mark.exists())

    def test_lists_are_paged(self):
        for i in range(5):
            create(f"paged-{i}")
        pages = list(functions.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2}))
        names = [f["FunctionName"] for page in pages for f in page["Functions"]]
        self.assertEqual(names, sorted(set(names)))
        self.assertTrue({f"paged-{i}" for i in range(5)} <= set(names))
        self.assertTrue(all(len(page["Functions"]) == 2 for page in pages[:-1]))
        self.assertIn("given", names)
        with self.assertRaises(functions.exceptions.InvalidParameterValueException):
            functions.list_functions(Marker="garbage")

    def test_code_from_a_bucket_and_from_a_folder(self):
        (pathlib.Path(folder.name) / "buckets" / "code" / "f.zip").write_bytes(python_zip("bucket"))
        role = {"Runtime": "python3.11", "Handler": "app.handler", "Role": ROLE}
        functions.create_function(FunctionName="from-bucket", Code={"S3Bucket": "code", "S3Key": "f.zip"}, **role)
        self.assertEqual(call("from-bucket")[1]["helper"], "bucket")
        with self.assertRaisesRegex(functions.exceptions.InvalidParameterValueException, "NoSuchKey"):
            functions.create_function(FunctionName="nothing", Code={"S3Bucket": "code", "S3Key": "g.zip"}, **role)
        source = pathlib.Path(folder.name) / "source"
        source.mkdir()
        (source / "app.py").write_text(PYTHON)
        (source / "helper.py").write_text("NAME = 'before'\n")
        functions.create_function(FunctionName="hot", Code={"S3Bucket": "hot-reload", "S3Key": str(source)}, **role)
        self.assertEqual(call("hot")[1]["helper"], "before")
        (source / "helper.py").write_text("NAME = 'afterwards'\n")
        eventually(lambda: call("hot")[1]["helper"] == "afterwards", 15, "the new code")

    def test_a_function_of_a_file_is_shown_and_left_alone(self):
        shown = functions.get_function_configuration(FunctionName="given")
        self.assertEqual((shown["CodeSize"], shown["State"]), (0, "Active"))
        for change in (lambda: functions.delete_function(FunctionName="given"),
                       lambda: functions.update_function_configuration(FunctionName="given", Timeout=3),
                       lambda: functions.update_function_code(FunctionName="given", ZipFile=python_zip())):
            with self.assertRaisesRegex(functions.exceptions.InvalidParameterValueException, "comes from a file"):
                change()


class Errors(unittest.TestCase):
    def test_a_function_that_fails_answers_with_200(self):
        create("fails", Timeout=1)
        answer, error = call("fails", {"raise": "no"})
        self.assertEqual((answer["StatusCode"], answer["FunctionError"]), (200, "Unhandled"))
        self.assertEqual((error["errorType"], error["errorMessage"]), ("ValueError", "no"))
        answer, error = call("fails", {"sleep": 20})
        self.assertEqual((answer["FunctionError"], error["errorType"]), ("Unhandled", "Sandbox.Timedout"))
        self.assertIn("Task timed out after 1.00 seconds", error["errorMessage"])

    def test_errors_are_typed(self):
        create("typed")
        known = functions.exceptions
        broken = {"FunctionName": "new", "Runtime": "python3.11", "Handler": "app.handler", "Role": ROLE}
        cases = [
            (known.ResourceNotFoundException, 404, lambda: functions.get_function(FunctionName="nobody")),
            (known.ResourceNotFoundException, 404, lambda: functions.get_function(FunctionName="typed", Qualifier="9")),
            (known.ResourceNotFoundException, 404, lambda: functions.delete_function(FunctionName="nobody")),
            (known.ResourceNotFoundException, 404, lambda: functions.invoke(FunctionName="nobody")),
            (known.ResourceNotFoundException, 404, lambda: functions.get_alias(FunctionName="typed", Name="no")),
            (known.ResourceNotFoundException, 404, lambda: functions.get_function_url_config(FunctionName="typed")),
            (known.ResourceNotFoundException, 404, lambda: functions.get_function_event_invoke_config(FunctionName="typed")),
            (known.ResourceNotFoundException, 404, lambda: functions.get_policy(FunctionName="typed")),
            (known.ResourceNotFoundException, 404, lambda: functions.remove_permission(FunctionName="typed", StatementId="no")),
            (known.ProvisionedConcurrencyConfigNotFoundException, 404, lambda: functions.get_provisioned_concurrency_config(
                FunctionName="typed", Qualifier="$LATEST")),
            (known.InvalidParameterValueException, 400, lambda: functions.create_event_source_mapping(FunctionName="typed")),
            (known.ResourceNotFoundException, 404, lambda: functions.list_tags(Resource=ACCOUNT + "nobody")),
            (known.ResourceConflictException, 409, lambda: create("typed")),
            (known.InvalidRequestContentException, 400, lambda: functions.invoke(FunctionName="typed", Payload=b"{")),
            (known.InvalidParameterValueException, 400, lambda: create("bad-zip", b"this is no zip")),
            (known.InvalidParameterValueException, 400, lambda: create("bad-runtime", Runtime="cobol85")),
            (known.InvalidParameterValueException, 400, lambda: functions.create_function(Code={"ImageUri": "x"}, **broken)),
            (known.InvalidParameterValueException, 400, lambda: functions.create_function(Code={}, **broken)),
            (known.PreconditionFailedException, 412, lambda: functions.update_function_configuration(
                FunctionName="typed", RevisionId="00000000-0000-4000-8000-000000000000", Timeout=5)),
            (known.RequestTooLargeException, 413, lambda: functions.invoke(
                FunctionName="typed", Payload=json.dumps("x" * 6_300_000))),
        ]
        for number, (kind, status, ask) in enumerate(cases):
            with self.subTest(number=number, kind=kind.__name__):
                with self.assertRaises(kind) as raised:
                    ask()
                self.assertEqual(raised.exception.response["ResponseMetadata"]["HTTPStatusCode"], status)
                self.assertTrue(raised.exception.response["Error"]["Message"])
                self.assertEqual(raised.exception.response["Type"] if "Type" in raised.exception.response else "User", "User")

    def test_values_are_checked_in_awss_words(self):
        create("checked")
        cases = [
            ({"MemorySize": 127}, "Value '127' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128"),
            ({"MemorySize": 10241}, "less than or equal to 10240"),
            ({"Timeout": 901}, "Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900"),
            ({"Description": "x" * 257}, "at 'description' failed to satisfy constraint: Member must have length less than or equal to 256"),
            ({"Handler": "a b"}, r"at 'handler' failed to satisfy constraint: Member must satisfy regular expression pattern: [^\s]+"),
            ({"Role": "me"}, "at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern"),
            ({"TracingConfig": {"Mode": "Loud"}}, "enum value set: [Active, PassThrough]"),
            ({"EphemeralStorage": {"Size": 100}}, "at 'ephemeralStorage.size' failed to satisfy constraint"),
            ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "reserved keys"),
            ({"Environment": {"Variables": {"BIG": "x" * 5000}}}, "exceeded the 4KB limit"),
        ]
        unchecked = client(parameter_validation=False)  # boto3 knows some bounds itself
        for change, words in cases:
            with self.subTest(change=list(change)):
                with self.assertRaises(ClientError) as raised:
                    unchecked.update_function_configuration(FunctionName="checked", **change)
                self.assertIn(raised.exception.response["Error"]["Code"], ("ValidationException", "InvalidParameterValueException"))
                self.assertIn(words, raised.exception.response["Error"]["Message"])
        with self.assertRaisesRegex(ClientError, "at 'functionName' failed to satisfy constraint"):
            functions.get_function(FunctionName="a*b")
        with self.assertRaisesRegex(ClientError, "enum value set: .Event, RequestResponse, DryRun."):
            functions.invoke(FunctionName="checked", InvocationType="Maybe")

    def test_archives_that_reach_out_are_refused(self):
        for name, content in (("../evil.py", "x"), ("/tmp/evil.py", "x"), ("a/../../evil.py", "x")):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                archive.writestr(zipfile.ZipInfo(name), content)
            with self.assertRaisesRegex(functions.exceptions.InvalidParameterValueException, "Could not unzip uploaded file"):
                create("evil", out.getvalue())
        bomb = zip_of(zeros="\0" * 270_000_000)
        self.assertLess(len(bomb), 1_000_000)
        with self.assertRaisesRegex(functions.exceptions.InvalidParameterValueException, "Unzipped size must be smaller than 262144000"):
            create("bomb", bomb)
        kept = pathlib.Path(f"{pawl.store}-functions")
        self.assertEqual([entry.name for entry in kept.iterdir() if entry.name.startswith("draft-")], [])

    def test_what_is_no_json_of_an_object_is_refused(self):
        for body in (b"{", b"[]", b'{"FunctionName": 5}', b'{"FunctionName": "x", "Tags": {"a": 1}}'):
            request = urllib.request.Request(pawl.endpoint + "/2015-03-31/functions", data=body, method="POST")
            with self.assertRaises(urllib.error.HTTPError) as raised:
                urllib.request.urlopen(request)
            with raised.exception as answer:
                self.assertIn((answer.code, answer.headers["x-amzn-ErrorType"]),
                              ((400, "InvalidRequestContentException"), (400, "ValidationException")))


class Versions(unittest.TestCase):
    def test_versions_and_aliases(self):
        create("published", python_zip("v1"))
        first = functions.publish_version(FunctionName="published", Description="the first")
        self.assertEqual((first["Version"], first["FunctionArn"]), ("1", ACCOUNT + "published:1"))
        self.assertEqual(functions.publish_version(FunctionName="published")["Version"], "1")
        functions.get_waiter("published_version_active").wait(FunctionName="published", Qualifier="1")
        second = functions.update_function_code(FunctionName="published", ZipFile=python_zip("v2"), Publish=True)
        self.assertEqual(second["Version"], "2")
        listed = functions.list_versions_by_function(FunctionName="published")["Versions"]
        self.assertEqual([v["Version"] for v in listed], ["$LATEST", "1", "2"])
        self.assertEqual(call("published:1")[1]["helper"], "v1")
        self.assertEqual(call("published", Qualifier="2")[1]["helper"], "v2")

        alias = functions.create_alias(FunctionName="published", Name="prod", FunctionVersion="1", Description="live")
        self.assertEqual(alias["AliasArn"], ACCOUNT + "published:prod")
        answer, result = call("published:prod")
        self.assertEqual((answer["ExecutedVersion"], result["arn"]), ("1", ACCOUNT + "published:prod"))
        changed = functions.update_alias(FunctionName="published", Name="prod", RevisionId=alias["RevisionId"],
                                         RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
        self.assertEqual(changed["RoutingConfig"], {"AdditionalVersionWeights": {"2": 0.5}})
        versions = [call("published", Qualifier="prod")[0]["ExecutedVersion"] for _ in range(40)]
        self.assertEqual(set(versions), {"1", "2"})
        with self.assertRaises(functions.exceptions.PreconditionFailedException):
            functions.update_alias(FunctionName="published", Name="prod", RevisionId=alias["RevisionId"], FunctionVersion="2")
        with self.assertRaises(ClientError):
            functions.update_alias(FunctionName="published", Name="prod", RoutingConfig={"AdditionalVersionWeights": {"2": 1.5}})
        with self.assertRaises(functions.exceptions.ResourceConflictException):
            functions.create_alias(FunctionName="published", Name="prod", FunctionVersion="1")
        with self.assertRaises(functions.exceptions.ResourceConflictException):
            functions.delete_function(FunctionName="published", Qualifier="1")
        self.assertEqual([a["Name"] for a in functions.list_aliases(FunctionName="published")["Aliases"]], ["prod"])
        functions.delete_alias(FunctionName="published", Name="prod")
        functions.delete_function(FunctionName="published", Qualifier="1")
        with self.assertRaises(functions.exceptions.ResourceNotFoundException):
            call("published:1")
        self.assertEqual(call("published:2")[1]["helper"], "v2")


    def test_numbers_are_never_given_again(self):
        self.assertEqual(create("again", Publish=True)["Version"], "1")
        functions.delete_function(FunctionName="again")
        self.assertEqual(create("again", Publish=True)["Version"], "2")

    def test_a_changed_description_is_published(self):
        create("words", Description="old", Publish=True)
        functions.update_function_configuration(FunctionName="words", Description="new")
        version = functions.publish_version(FunctionName="words")
        self.assertEqual((version["Version"], version["Description"]), ("2", "new"))
        self.assertEqual(functions.publish_version(FunctionName="words", Description="other")["Version"], "2")


class Settings(unittest.TestCase):
    def test_reserved_concurrency_throttles(self):
        create("reserved")
        self.assertNotIn("ReservedConcurrentExecutions", functions.get_function_concurrency(FunctionName="reserved"))
        functions.put_function_concurrency(FunctionName="reserved", ReservedConcurrentExecutions=0)
        with self.assertRaises(functions.exceptions.TooManyRequestsException) as raised:
            call("reserved")
        self.assertEqual(raised.exception.response["ResponseMetadata"]["HTTPStatusCode"], 429)
        self.assertEqual(raised.exception.response["Error"]["Message"], "Rate Exceeded.")
        self.assertEqual(raised.exception.response["Reason"], "ReservedFunctionConcurrentInvocationLimitExceeded")
        self.assertEqual(functions.get_function(FunctionName="reserved")["Concurrency"], {"ReservedConcurrentExecutions": 0})
        functions.delete_function_concurrency(FunctionName="reserved")
        self.assertEqual(call("reserved", {"a": 1})[1]["event"], {"a": 1})

    def test_more_than_there_is_can_not_be_reserved(self):
        create("greedy")
        create("other")
        functions.put_function_concurrency(FunctionName="other", ReservedConcurrentExecutions=1)
        with self.assertRaises(functions.exceptions.InvalidParameterValueException):
            functions.put_function_concurrency(FunctionName="greedy", ReservedConcurrentExecutions=2**63 - 1)
        self.assertEqual(functions.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"], 999)
        functions.delete_function_concurrency(FunctionName="other")

    def test_lists_of_settings_are_paged(self):
        create("settings")
        functions.create_alias(FunctionName="settings", Name="live", FunctionVersion="$LATEST")
        for qualifier in ({}, {"Qualifier": "$LATEST"}, {"Qualifier": "live"}):
            functions.put_function_event_invoke_config(FunctionName="settings", MaximumRetryAttempts=len(qualifier), **qualifier)
        for qualifier in ({}, {"Qualifier": "live"}):
            functions.create_function_url_config(FunctionName="settings", AuthType="NONE", **qualifier)

        def all_pages(operation, member):
            pages = functions.get_paginator(operation).paginate(FunctionName="settings", PaginationConfig={"PageSize": 1})
            return pages.build_full_result()[member]
        configs = all_pages("list_function_event_invoke_configs", "FunctionEventInvokeConfigs")
        self.assertEqual([(c["FunctionArn"], c["MaximumRetryAttempts"]) for c in configs],
                         [(ACCOUNT + "settings:$LATEST", 1), (ACCOUNT + "settings:live", 1)])
        self.assertEqual(len(all_pages("list_function_url_configs", "FunctionUrlConfigs")), 2)

    def test_tags(self):
        create("tags", Tags={"a": "1"})
        arn = ACCOUNT + "tags"
        functions.tag_resource(Resource=arn, Tags={"b": "2", "c": "ü"})
        functions.untag_resource(Resource=arn, TagKeys=["a", "b"])
        self.assertEqual(functions.list_tags(Resource=arn)["Tags"], {"c": "ü"})
        with self.assertRaises(functions.exceptions.InvalidParameterValueException):
            functions.tag_resource(Resource=arn, Tags={str(i): "" for i in range(50)})

    def test_account(self):
        settings = functions.get_account_settings()
        self.assertEqual(settings["AccountLimit"]["CodeSizeUnzipped"], 262144000)
        self.assertGreaterEqual(settings["AccountUsage"]["FunctionCount"], 1)

    def test_function_url(self):
        create("url", zip_of(app__py=URL))
        made = functions.create_function_url_config(FunctionName="url", AuthType="NONE", Cors={
            "AllowOrigins": ["https://shop.example"], "AllowMethods": ["GET", "POST"], "AllowHeaders": ["x-key"], "MaxAge": 60})
        self.assertEqual(functions.get_function_url_config(FunctionName="url")["FunctionUrl"], made["FunctionUrl"])
        with self.assertRaises(functions.exceptions.ResourceConflictException):
            functions.create_function_url_config(FunctionName="url", AuthType="NONE")

        def ask(path, method="GET", body=None, **headers):
            request = urllib.request.Request(made["FunctionUrl"] + path, data=body, method=method,
                                             headers={name.replace("_", "-"): value for name, value in headers.items()})
            try:
                with urllib.request.urlopen(request) as answer:
                    return answer.status, dict(answer.headers), answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, dict(error.headers), error.read()

        status, headers, body = ask("a/b?x=1&x=2", "POST", b'{"k": 1}', Content_Type="application/json")
        self.assertEqual((status, headers["X-Made-By"], headers["Content-Type"], headers["Set-Cookie"]), (201, "url", "text/plain", "a=1"))
        self.assertEqual(json.loads(body), {"method": "POST", "path": "/a/b", "query": {"x": "1,2"}, "body": '{"k": 1}', "base64": False})
        binary = json.loads(ask("x", "POST", b"\xff\x00", Content_Type="image/png")[2])
        self.assertEqual((binary["body"], binary["base64"]), (base64.b64encode(b"\xff\x00").decode(), True))
        status, headers, body = ask("plain")
        self.assertEqual((status, headers["Content-Type"], json.loads(body)), (200, "application/json", {"hello": "world"}))
        self.assertEqual(ask("broken")[0], 502)
        event = json.loads(ask("event/x%2Fy%20z", X_Forwarded_For="10.0.0.7")[2])
        self.assertEqual((event["rawPath"], event["requestContext"]["http"]["path"]), ("/event/x%2Fy%20z",) * 2)
        self.assertEqual([event["headers"]["x-forwarded-" + name] for name in ("for", "proto", "port")],
                         ["10.0.0.7, 127.0.0.1", "http", str(pawl.port)])
        status, headers, _ = ask("a", "OPTIONS", Origin="https://shop.example", Access_Control_Request_Method="POST")
        self.assertEqual((status, headers["Access-Control-Allow-Origin"], headers["Access-Control-Max-Age"]), (200, "https://shop.example", "60"))
        self.assertNotIn("Access-Control-Allow-Origin", ask("plain", Origin="https://other.example")[1])

        form = json.loads(ask("x", "POST", b"a=b", Content_Type="application/x-www-form-urlencoded")[2])
        self.assertEqual((form["body"], form["base64"]), (base64.b64encode(b"a=b").decode(), True))
        self.assertEqual(ask("status/100")[0], 502)
        with socket.create_connection(("127.0.0.1", pawl.port)) as connection, connection.makefile("rb") as answers:
            for method, path, status in (("HEAD", "plain", b"200"), ("GET", "status/204", b"204"), ("GET", "status/304", b"304"),
                                         ("HEAD", "broken", b"502"), ("GET", "status/404", b"404")):
                connection.sendall(f"{method} /lambda-url/url/{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                self.assertEqual(answers.readline().split()[1], status, (method, path))
                while answers.readline() != b"\r\n":
                    pass
            self.assertEqual(answers.read(5), b"stray")

        functions.update_function_url_config(FunctionName="url", AuthType="AWS_IAM")
        self.assertEqual(ask("plain")[0], 403)
        self.assertEqual(len(functions.list_function_url_configs(FunctionName="url")["FunctionUrlConfigs"]), 1)
        functions.delete_function_url_config(FunctionName="url")
        self.assertEqual(ask("plain")[0], 404)


class Events(unittest.TestCase):
    def mark(self, name):
        return pathlib.Path(folder.name) / name

    def test_an_event_is_tried_again(self):
        create("event")
        mark = self.mark("tried")
        self.assertEqual(call("event", {"mark": str(mark), "failures": 2}, InvocationType="Event")[0]["StatusCode"], 202)
        eventually(lambda: mark.exists() and mark.stat().st_size == 3, 30, "three attempts")
        time.sleep(0.5)
        self.assertEqual(mark.stat().st_size, 3)

    def test_what_is_given_up_starts_an_execution(self):
        create("doomed")
        sfn = client("stepfunctions")
        machine = sfn.create_state_machine(name="undertaker", roleArn=ROLE, definition=json.dumps(
            {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}))["stateMachineArn"]
        config = functions.put_function_event_invoke_config(
            FunctionName="doomed", MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60,
            DestinationConfig={"OnFailure": {"Destination": machine}})
        self.assertEqual((config["MaximumRetryAttempts"], config["FunctionArn"]), (1, ACCOUNT + "doomed:$LATEST"))
        call("doomed", {"raise": "again"}, InvocationType="Event")
        arn = eventually(lambda: sfn.list_executions(stateMachineArn=machine)["executions"], 30, "the execution")[0]["executionArn"]
        record = json.loads(sfn.describe_execution(executionArn=arn)["input"])
        self.assertEqual(record["requestContext"]["condition"], "RetriesExhausted")
        self.assertEqual(record["requestContext"]["approximateInvokeCount"], 2)
        self.assertEqual(record["requestPayload"], {"raise": "again"})
        self.assertEqual(record["responsePayload"]["errorType"], "ValueError")
        updated = functions.update_function_event_invoke_config(FunctionName="doomed", MaximumRetryAttempts=0)
        self.assertEqual((updated["MaximumRetryAttempts"], updated["MaximumEventAgeInSeconds"]), (0, 60))
        self.assertEqual(len(functions.list_function_event_invoke_configs(FunctionName="doomed")["FunctionEventInvokeConfigs"]), 1)
        functions.delete_function_event_invoke_config(FunctionName="doomed")
        with self.assertRaises(ClientError):
            functions.put_function_event_invoke_config(FunctionName="doomed", MaximumRetryAttempts=3)
        sfn.close()


    def test_a_function_that_may_not_run_gives_its_events_up_at_once(self):
        create("stopped")
        queue = "arn:aws:sqs:us-east-1:000000000000:stopped"
        functions.put_function_event_invoke_config(FunctionName="stopped", DestinationConfig={"OnFailure": {"Destination": queue}})
        functions.put_function_concurrency(FunctionName="stopped", ReservedConcurrentExecutions=0)
        call("stopped", {"n": 1}, InvocationType="Event")
        record = json.loads(self.message("/stopped")["MessageBody"])
        self.assertEqual((record["requestContext"]["condition"], record["requestContext"]["approximateInvokeCount"]),
                         ("ZeroReservedConcurrency", 0))
        functions.delete_function_concurrency(FunctionName="stopped")

    def message(self, name):
        def found():
            return [m for m in services.messages if (m.get("QueueUrl") or m.get("TopicArn") or m["EventBusName"]).endswith(name)]
        return eventually(found, 30, "a message")[0]

    def test_queues_and_topics_are_told(self):
        arn = "arn:aws:{}:us-east-1:000000000000:{}".format
        create("teller", DeadLetterConfig={"TargetArn": arn("sqs", "dead")})
        functions.put_function_event_invoke_config(FunctionName="teller", MaximumRetryAttempts=0, DestinationConfig={
            "OnSuccess": {"Destination": arn("sns", "done")}, "OnFailure": {"Destination": arn("sqs", "failed")}})
        call("teller", {"n": 1}, InvocationType="Event")
        done = json.loads(self.message(":done")["Message"])
        self.assertEqual((done["version"], done["requestContext"]["condition"], done["requestPayload"]), ("1.0", "Success", {"n": 1}))
        self.assertEqual(done["requestContext"]["functionArn"], ACCOUNT + "teller:$LATEST")
        self.assertEqual(done["responseContext"], {"statusCode": 200, "executedVersion": "$LATEST"})
        self.assertEqual(done["responsePayload"]["helper"], "one")

        bus = arn("events", "event-bus/results")
        functions.put_function_event_invoke_config(FunctionName="teller", MaximumRetryAttempts=0, DestinationConfig={
            "OnSuccess": {"Destination": bus}, "OnFailure": {"Destination": arn("sqs", "failed")}})
        call("teller", {"n": 2}, InvocationType="Event")
        event = self.message("/results")
        self.assertEqual((event["Source"], event["DetailType"]), ("lambda", "Lambda Function Invocation Result - Success"))
        self.assertEqual(event["Resources"], [bus, ACCOUNT + "teller:$LATEST"])
        self.assertEqual(json.loads(event["Detail"])["requestPayload"], {"n": 2})

        answer, _ = call("teller", {"raise": "oh no"}, InvocationType="Event")
        failed = self.message("/000000000000/failed")
        record = json.loads(failed["MessageBody"])
        self.assertNotIn("MessageAttributes", failed)
        self.assertEqual(record["requestContext"]["condition"], "RetriesExhausted")
        self.assertEqual(record["responseContext"]["functionError"], "Unhandled")
        dead = self.message("/000000000000/dead")
        self.assertEqual(json.loads(dead["MessageBody"]), {"raise": "oh no"})
        self.assertEqual(dead["MessageAttributes"], {
            "RequestID": {"DataType": "String", "StringValue": answer["ResponseMetadata"]["RequestId"]},
            "ErrorCode": {"DataType": "Number", "StringValue": "200"},
            "ErrorMessage": {"DataType": "String", "StringValue": "oh no"}})

    def test_what_can_not_be_reached_is_refused(self):
        create("careful")
        for target in ("arn:aws:s3:::bucket", "arn:aws:sqs:us-east-1:000000000000:q.fifo"):
            with self.assertRaisesRegex(functions.exceptions.InvalidParameterValueException, "The destination " + target):
                functions.put_function_event_invoke_config(FunctionName="careful",
                                                           DestinationConfig={"OnFailure": {"Destination": target}})
            with self.assertRaisesRegex(functions.exceptions.InvalidParameterValueException, "The dead-letter target " + target):
                functions.update_function_configuration(FunctionName="careful", DeadLetterConfig={"TargetArn": target})

    def test_a_loop_ends(self):
        create("loop")
        mark = self.mark("loop")
        functions.put_function_event_invoke_config(FunctionName="loop", MaximumRetryAttempts=0, DestinationConfig={
            "OnFailure": {"Destination": ACCOUNT + "loop"}})
        functions.update_function_code(FunctionName="loop", ZipFile=zip_of(
            app__py=f"def handler(event, context):\n    open({str(mark)!r}, 'a').write('x')\n    raise ValueError('again')\n"))
        call("loop", InvocationType="Event")
        eventually(lambda: mark.exists() and mark.stat().st_size == 17, 30, "the end of the loop")
        time.sleep(0.5)
        self.assertEqual(mark.stat().st_size, 17)


class Workflows(unittest.TestCase):
    def run_task(self, resource, value, parameters=None, **more):
        sfn = client("stepfunctions")
        state = {"Type": "Task", "Resource": resource, "End": True, **more}
        if parameters:
            state["Parameters"] = parameters
        name = f"m{time.monotonic_ns()}"
        machine = sfn.create_state_machine(name=name, roleArn=ROLE, definition=json.dumps({"StartAt": "T", "States": {"T": state}}))
        arn = sfn.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(value))["executionArn"]

        def ended():
            description = sfn.describe_execution(executionArn=arn)
            return description if description["status"] != "RUNNING" else None
        result = eventually(ended, 30, "the end")
        sfn.close()
        return result

    def test_workflows_call_functions(self):
        create("task", python_zip("v1"), Publish=True)
        functions.update_function_code(FunctionName="task", ZipFile=python_zip("v2"))
        functions.create_alias(FunctionName="task", Name="stable", FunctionVersion="1")
        self.assertEqual(json.loads(self.run_task(ACCOUNT + "task", {"a": 1})["output"])["helper"], "v2")
        self.assertEqual(json.loads(self.run_task(ACCOUNT + "task:stable", {})["output"])["helper"], "v1")
        invoke = "arn:aws:states:::lambda:invoke"
        output = json.loads(self.run_task(invoke, {}, {"FunctionName": "task:1", "Payload.$": "$"})["output"])
        self.assertEqual((output["ExecutedVersion"], output["Payload"]["helper"]), ("1", "v1"))
        output = json.loads(self.run_task(invoke, {}, {"FunctionName": ACCOUNT + "task", "Qualifier": "stable"})["output"])
        self.assertEqual((output["ExecutedVersion"], output["Payload"]["helper"]), ("1", "v1"))
        mark = pathlib.Path(folder.name) / "from-workflow"
        output = json.loads(self.run_task(invoke, {}, {"FunctionName": "task", "InvocationType": "Event",
                                                       "Payload": {"mark": str(mark), "failures": 1}})["output"])
        self.assertEqual(output["StatusCode"], 202)
        eventually(lambda: mark.exists() and mark.stat().st_size == 2, 30, "two attempts")

    def test_workflows_see_lambdas_errors(self):
        create("task-errors")
        failed = self.run_task(ACCOUNT + "task-errors", {"raise": "no"})
        self.assertEqual((failed["error"], json.loads(failed["cause"])["errorMessage"]), ("ValueError", "no"))
        failed = self.run_task(ACCOUNT + "task-errors:7", {})
        self.assertEqual(failed["error"], "Lambda.ResourceNotFoundException")
        self.assertIn("Function not found: " + ACCOUNT + "task-errors:7", failed["cause"])
        functions.put_function_concurrency(FunctionName="task-errors", ReservedConcurrentExecutions=0)
        for resource, parameters in ((ACCOUNT + "task-errors", None), ("arn:aws:states:::lambda:invoke", {"FunctionName": "task-errors"})):
            failed = self.run_task(resource, {}, parameters)
            self.assertEqual(failed["error"], "Lambda.TooManyRequestsException")
            self.assertIn("Rate Exceeded. (Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException;", failed["cause"])


class CommandLine(unittest.TestCase):
    def aws(self, *arguments, fails=False):
        environment = {**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
                       "AWS_PAGER": "", "AWS_CONFIG_FILE": "/nonexistent", "AWS_MAX_ATTEMPTS": "1"}
        done = subprocess.run(["/usr/bin/aws", "--endpoint-url", pawl.endpoint, "lambda", *arguments], capture_output=True, text=True,
                              env=environment, cwd=folder.name, timeout=60)
        if fails:
            self.assertEqual(done.returncode, 254, done.stderr)
            return done.stderr
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def test_a_function_lives(self):
        here = pathlib.Path(folder.name)
        (here / "cli.zip").write_bytes(python_zip("cli"))
        made = self.aws("create-function", "--function-name", "cli", "--runtime", "python3.11", "--handler", "app.handler",
                        "--role", ROLE, "--zip-file", "fileb://cli.zip", "--environment", "Variables={COLOR=blue}")
        self.assertEqual(made["FunctionArn"], ACCOUNT + "cli")
        self.aws("wait", "function-active", "--function-name", "cli")
        self.aws("wait", "function-updated", "--function-name", "cli")
        answer = self.aws("invoke", "--function-name", "cli", "--payload", '{"a": 1}', "--cli-binary-format", "raw-in-base64-out",
                          "--log-type", "Tail", "out.json")
        self.assertEqual((answer["StatusCode"], answer["ExecutedVersion"]), (200, "$LATEST"))
        self.assertIn("REPORT", base64.b64decode(answer["LogResult"]).decode())
        self.assertEqual(json.loads((here / "out.json").read_text())["color"], "blue")
        answer = self.aws("invoke", "--function-name", "cli", "--invocation-type", "Event", "out.json")
        self.assertEqual(answer["StatusCode"], 202)
        self.assertIn("cli", [f["FunctionName"] for f in self.aws("list-functions")["Functions"]])
        self.assertEqual(self.aws("publish-version", "--function-name", "cli")["Version"], "1")
        self.aws("create-alias", "--function-name", "cli", "--name", "live", "--function-version", "1")
        self.aws("put-function-concurrency", "--function-name", "cli", "--reserved-concurrent-executions", "0")
        error = self.aws("invoke", "--function-name", "cli:live", "out.json", fails=True)
        self.assertIn("(TooManyRequestsException) when calling the Invoke operation", error)
        self.aws("delete-function", "--function-name", "cli")
        self.assertRegex(self.aws("get-function", "--function-name", "cli", fails=True),
                         r"\(ResourceNotFoundException\) when calling the GetFunction operation.*: Function not found: " + ACCOUNT + "cli")


class Restart(unittest.TestCase):
    def test_everything_is_there_again(self):
        with Pawl(arguments=["--event-pace", "0.05"]) as other:
            lambdas = boto3.client("lambda", endpoint_url=other.endpoint, region_name="us-east-1", aws_access_key_id="test",
                                   aws_secret_access_key="test", config=Config(retries={"max_attempts": 0}))
            lambdas.create_function(FunctionName="kept", Runtime="python3.11", Handler="app.handler", Role=ROLE, Publish=True,
                                    Code={"ZipFile": python_zip("kept")}, Tags={"a": "b"})
            lambdas.create_alias(FunctionName="kept", Name="prod", FunctionVersion="1")
            lambdas.put_function_concurrency(FunctionName="kept", ReservedConcurrentExecutions=7)
            lambdas.add_permission(FunctionName="kept", StatementId="any", Action="lambda:*", Principal="*", Qualifier="prod")
            policy = lambdas.get_policy(FunctionName="kept", Qualifier="prod")["Policy"]
            with self.assertRaisesRegex(ClientError, "needs an endpoint for 'sqs', and none is known: start Pawl with --endpoints"):
                lambdas.update_function_configuration(FunctionName="kept",
                                                      DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:000000000000:q"})
            mark = other.folder / "owed"
            answer = lambdas.invoke(FunctionName="kept", InvocationType="Event",
                                    Payload=json.dumps({"mark": str(mark), "failures": 1}))
            self.assertEqual(answer["StatusCode"], 202)
            eventually(mark.exists, 30, "the first attempt")
            before = lambdas.get_function(FunctionName="kept", Qualifier="prod")
            other.kill()
            other.start()
            after = lambdas.get_function(FunctionName="kept", Qualifier="prod")
            for part in ("Configuration", "Tags", "Concurrency"):
                self.assertEqual(after[part], before[part])
            self.assertEqual(lambdas.get_policy(FunctionName="kept", Qualifier="prod")["Policy"], policy)
            eventually(lambda: mark.stat().st_size == 2, 30, "another attempt of the event that was accepted before")
            result = json.loads(lambdas.invoke(FunctionName="kept:prod", Payload=b"{}")["Payload"].read())
            self.assertEqual(result["helper"], "kept")
            lambdas.close()


if __name__ == "__main__":
    unittest.main()
