"""What Lambda's own runtimes do with a handler's answer, errors, output and module, done by ours; and what a function
finds in its environment. Starts a Pawl of its own; PAWL_BIN says which."""
import base64
import concurrent.futures
import http.server
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "clients"))
import harness  # noqa: E402
from test_runtimes import Functions, node, python  # noqa: E402

PYTHON = '''
import collections, decimal, logging, os, sys
D = decimal.Decimal
Point = collections.namedtuple("Point", "x y")
def decimals(event, context):
    return [D("5"), D("1.10"), {"pi": D("3.14159265358979323846264338327950288")}]
def not_a_number(event, context):
    return [D("NaN"), float("nan")]
def raw(event, context):
    return b'{"as": "it is"}'
def no_text(event, context):
    return b"\\xff\\xfe"
def named(event, context):
    return {"points": [Point(1, Point(2, 3)), (4, 5)], "bytes": b"text"}
def letters(event, context):
    return "\\u00e4\\U0001f600"
def surrogate(event, context):
    return "\\ud800"
def closes(event, context):
    sys.stdout.close()
    logging.getLogger().warning("nobody reads this")
    return "answered"
def half_a_line(event, context):
    print("no end", end="")
    os.write(1, b" of it")
    return sys.stdout.encoding
def traced(event, context):
    return os.environ.get("_X_AMZN_TRACE_ID")
def environment(event, context):
    return dict(os.environ)
def shows_its_context(event, context):
    return str(context)
def calls_home(event, context):
    import boto3
    # Clients from before 2023 do not look at the variable by themselves.
    sfn = boto3.client("stepfunctions", endpoint_url=os.environ["AWS_ENDPOINT_URL_SFN"])
    sfn.send_task_success(taskToken=event["token"], output='"from the function"')
'''

NODE = '''
exports.never = async () => { await new Promise(() => {}); };
exports.never_answers = () => { new Promise(() => {}); };
exports.error_at_once = (event, context, callback) => { setTimeout(() => {}, 20000); callback(new TypeError('at once')); };
exports.last_result = (event, context, callback) => { callback(null, 1); callback(null, 2); };
exports.traced = async () => process.env._X_AMZN_TRACE_ID;
exports.prints = async (lines) => {
  process.stdout.write('first\\n');
  for (let i = 0; i < lines; ++i) console.log('line', i, 'x'.repeat(200));
};
exports.keeps_garbage = async () => {
  let kept = [];
  for (let i = 0; i < 80; ++i) {
    kept.push(Array.from({ length: 100000 }, (_, j) => ({ i, j, of: [j] })));
    if (kept.length > 8) kept = kept.slice(4);
  }
  return 'lived';
};
exports.streams = awslambda.streamifyResponse(async (event, stream) => {
  stream.write('{"a":');
  stream.end('1}');
});
exports.streams_http = awslambda.streamifyResponse(async (event, stream) => {
  stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'X-Seen': 'yes' }, cookies: ['a=b'] });
  stream.write(Buffer.from(event.bytes ?? [104, 105]));
  stream.end();
});
exports.streams_nothing = awslambda.streamifyResponse(async () => {});
exports.streams_badly = awslambda.streamifyResponse(async (event, stream) => { stream.write('x'); throw new RangeError('midway'); });
exports.streams_at_once = awslambda.streamifyResponse((event, stream) => stream.end('x'));
'''

FILES = {
    "py/app.py": PYTHON,
    "js/app.js": NODE,
    "folder/dist/index.js": "exports.handler = async () => 'a folder';\n",
    "esm/app.mjs": "import 'there-is-no-such-package';\nexport const handler = async () => 1;\n",
    "cjs/app.js": "require('there-is-no-such-package');\n",
    "package/node_modules/mine/index.js": "exports.handler = async () => 'a package';\n",
}


def handler(runtime, text, code):
    return {"runtime": runtime, "handler": text, "code": code}


class Handlers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        names = ("decimals", "not_a_number", "raw", "no_text", "named", "letters", "surrogate", "closes", "half_a_line", "traced", "shows_its_context")
        functions = {name: {**python(name), "runtime": "python3.12"} for name in names}
        functions["letters-311"] = python("letters")
        functions["fails-to-start"] = {"command": ["sh", "-c", "exit 1"]}
        for name in ("never", "never_answers", "error_at_once", "last_result", "traced", "prints", "streams"):
            functions["js-" + name] = node(name)
        for name in ("streams_http", "streams_nothing", "streams_badly", "streams_at_once"):
            functions["js-" + name] = node(name)
        functions["js-garbage"] = node("keeps_garbage", memory_megabytes=256)
        functions["js-folder"] = handler("nodejs20.x", "dist.handler", "folder")
        functions["js-esm-import"] = handler("nodejs20.x", "app.handler", "esm")
        functions["js-cjs-require"] = handler("nodejs20.x", "app.handler", "cjs")
        functions["js-package"] = handler("nodejs20.x", "mine.handler", "package")
        functions["js-absent"] = handler("nodejs20.x", "absent.handler", "js")
        cls.elsewhere = tempfile.TemporaryDirectory(prefix="pawl-elsewhere-")
        (pathlib.Path(cls.elsewhere.name) / "app.js").write_text("exports.handler = async () => 'elsewhere';\n")
        functions["js-absolute"] = handler("nodejs20.x", cls.elsewhere.name + "/app.handler", "js")
        cls.functions = Functions(FILES, functions)

    @classmethod
    def tearDownClass(cls):
        cls.functions.close()
        cls.elsewhere.cleanup()

    def text(self, name, event=None):
        ended = self.functions.run(name, event)
        self.assertEqual(ended["status"], "SUCCEEDED", ended)
        return ended["output"]

    def test_decimals_keep_all_their_digits(self):
        output = self.text("decimals")
        for digits in ("5", "1.10", "3.14159265358979323846264338327950288"):
            self.assertIn(digits, output)
        self.assertNotIn("5.0", output)

    def test_what_is_no_number_is_written_as_lambda_does(self):
        self.assertIn("NaN, NaN", self.text("not_a_number"))

    def test_bytes_are_the_response_itself(self):
        self.assertEqual(json.loads(self.text("raw")), {"as": "it is"})
        self.assertIn(self.functions.run("no_text")["status"], ("SUCCEEDED", "FAILED"))
        self.assertEqual(json.loads(self.text("raw")), {"as": "it is"})  # the server lives on

    def test_named_tuples_are_objects(self):
        expected = {"points": [{"x": 1, "y": {"x": 2, "y": 3}}, [4, 5]], "bytes": "text"}
        self.assertEqual(json.loads(self.text("named")), expected)

    def test_letters_are_sent_as_they_are_from_python_3_12_on(self):
        self.assertEqual(json.loads(self.text("letters")), "ä😀")
        self.assertEqual(json.loads(self.text("letters-311")), "ä😀")
        self.assertEqual(self.functions.error("surrogate")[0], "Runtime.MarshalError")

    def test_a_handler_may_close_its_output(self):
        self.assertEqual(json.loads(self.text("closes")), "answered")

    def test_python_output_is_not_held_back(self):
        self.assertEqual(json.loads(self.text("half_a_line")), "utf-8")
        self.assertIn("no end of it\n", self.functions.log("half_a_line"))

    def test_the_context_is_printed_as_lambdas(self):
        shown = json.loads(self.text("shows_its_context"))
        self.assertRegex(
            shown,
            r"^LambdaContext\(\[aws_request_id=[0-9a-f-]{36},log_group_name=/aws/lambda/shows_its_context,"
            r"log_stream_name=\d{4}/\d\d/\d\d/\[\$LATEST\]\w+,function_name=shows_its_context,memory_limit_in_mb=128,"
            r"function_version=\$LATEST,invoked_function_arn=arn:aws:lambda:\S+:shows_its_context,client_context=None,"
            r"identity=CognitoIdentity\(\[cognito_identity_id=None,cognito_identity_pool_id=None\]\)\]\)$",
        )

    def test_each_invocation_has_a_trace(self):
        for name in ("traced", "js-traced"):
            first, second = (json.loads(self.text(name)) for _ in range(2))
            self.assertRegex(first, r"^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$")
            self.assertNotEqual(first, second)

    def test_a_promise_that_never_settles_is_an_error_of_async_handlers(self):
        error, document = self.functions.error("js-never")
        self.assertEqual(error, "Runtime.NodeJsExit")
        self.assertIn("a Promise that was never settled", document["errorMessage"])
        self.assertIsNone(json.loads(self.text("js-never_answers")))

    def test_an_error_called_back_does_not_wait_for_anything(self):
        error, document = self.functions.error("js-error_at_once")  # within 20 s, or there is no end in time
        self.assertEqual((error, document["errorMessage"]), ("TypeError", "at once"))

    def test_the_last_result_called_back_counts(self):
        self.assertEqual(json.loads(self.text("js-last_result")), 2)

    def test_no_line_of_the_console_is_lost(self):
        self.text("js-prints", 5000)
        log = self.functions.log("js-prints")
        self.assertEqual(log.count("x" * 200 + "\n"), 5000)

    def test_node_collects_its_garbage_before_its_memory_ends(self):
        self.assertEqual(json.loads(self.text("js-garbage")), "lived")

    def test_node_modules_are_found_where_lambda_finds_them(self):
        for name, expected in (("folder", "a folder"), ("absolute", "elsewhere"), ("package", "a package")):
            self.assertEqual(json.loads(self.text("js-" + name)), expected)

    def test_what_can_not_be_imported_has_lambdas_error(self):
        error, document = self.functions.error("js-cjs-require")
        self.assertEqual(error, "Runtime.ImportModuleError")
        self.assertTrue(document["errorMessage"].startswith("Error: Cannot find module 'there-is-no-such-package'"))
        error, document = self.functions.error("js-absent")
        self.assertEqual(error, "Runtime.ImportModuleError")
        self.assertEqual(document["errorMessage"], "Error: Cannot find module 'absent'\nRequire stack:\n- /var/runtime/index.mjs")
        error, document = self.functions.error("js-esm-import")
        self.assertEqual(error, "Error")
        self.assertIn("Cannot find package 'there-is-no-such-package'", document["errorMessage"])

    def test_streamed_answers_are_collected(self):
        self.assertEqual(json.loads(self.text("js-streams")), {"a": 1})
        self.assertEqual(self.functions.error("js-streams_badly")[0], "RangeError")
        self.assertEqual(self.functions.error("js-streams_nothing")[0], "Runtime.NodeJsExit")
        error, document = self.functions.error("js-streams_at_once")
        self.assertEqual((error, document["errorMessage"]), ("string", "Streaming does not support non-async handlers."))

    def test_a_stream_with_a_status_is_a_document_of_it(self):
        answer = json.loads(self.text("js-streams_http", {}))
        self.assertEqual((answer["statusCode"], answer["body"], answer["isBase64Encoded"]), (201, "hi", False))
        self.assertEqual((answer["headers"]["X-Seen"], answer["cookies"]), ("yes", ["a=b"]))
        answer = json.loads(self.text("js-streams_http", {"bytes": [255]}))
        self.assertEqual((answer["body"], answer["isBase64Encoded"]), ("/w==", True))

    def test_a_function_that_can_not_start_says_so_before_a_short_time_out(self):
        machine = self.functions.api.create(
            "impatient",
            {
                "StartAt": "T",
                "States": {
                    "T": {
                        "Type": "Task",
                        "Resource": "arn:aws:lambda:us-east-1:000000000000:function:fails-to-start",
                        "TimeoutSeconds": 2,
                        "End": True,
                    }
                },
            },
        )
        for _ in range(8):
            arn = self.functions.api.call("StartExecution", stateMachineArn=machine)["executionArn"]
            self.assertEqual(self.functions.end(arn)["error"], "Runtime.ExitError")


class Environment(unittest.TestCase):
    def environment_of(self, functions, given):
        before = {name: os.environ.get(name) for name in given}
        os.environ.update(given)
        try:
            started = Functions({"py/app.py": PYTHON}, functions)
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
        self.addCleanup(started.close)
        return started

    def test_no_call_reaches_the_real_aws_by_accident(self):
        functions = {
            "environment": python("environment"),
            "own": python("environment", environment={"AWS_ACCESS_KEY_ID": "mine", "AWS_ENDPOINT_URL_SFN": "http://elsewhere"}),
            "profile": python("environment", environment={"AWS_PROFILE": "dev"}),
        }
        secret = {"AWS_ACCESS_KEY_ID": "AKIAREAL", "AWS_SECRET_ACCESS_KEY": "real", "AWS_SESSION_TOKEN": "real"}
        endpoints = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9000"}
        started = self.environment_of(functions, {**secret, **endpoints})
        seen = started.output("environment")
        self.assertEqual((seen["AWS_ACCESS_KEY_ID"], seen["AWS_SECRET_ACCESS_KEY"]), ("test", "test"))
        self.assertNotIn("AWS_SESSION_TOKEN", seen)
        for name, value in endpoints.items():
            self.assertEqual(seen[name], value)
        self.assertEqual(seen["AWS_ENDPOINT_URL_SFN"], started.pawl.endpoint)
        self.assertEqual(seen["AWS_ENDPOINT_URL_LAMBDA"], started.pawl.endpoint)
        own = started.output("own")
        self.assertEqual((own["AWS_ACCESS_KEY_ID"], own["AWS_ENDPOINT_URL_SFN"]), ("mine", "http://elsewhere"))
        self.assertNotIn("AWS_ACCESS_KEY_ID", started.output("profile"))

    def test_an_endpoint_given_to_the_server_goes_first(self):
        started = self.environment_of({"environment": python("environment")}, {"AWS_ENDPOINT_URL_SFN": "http://127.0.0.1:1"})
        self.assertEqual(started.output("environment")["AWS_ENDPOINT_URL_SFN"], "http://127.0.0.1:1")

    def test_the_sdk_integration_finds_lambda_here(self):
        started = self.environment_of({"environment": python("environment")}, {})
        started.pawl.stop()
        started.pawl.start()  # on the port that it had: now it is known from the beginning
        started.api = harness.Api(started.pawl.port)
        task = {"Resource": "arn:aws:states:::aws-sdk:lambda:invoke", "Parameters": {"FunctionName": "environment"}}
        machine = started.api.create("sdk", {"StartAt": "T", "States": {"T": {"Type": "Task", **task, "End": True}}})
        ended = started.end(started.api.call("StartExecution", stateMachineArn=machine)["executionArn"])
        self.assertEqual(ended["status"], "SUCCEEDED", ended)
        self.assertEqual(json.loads(ended["output"])["StatusCode"], 200)

    def test_a_function_answers_for_its_task(self):
        try:
            import boto3  # noqa: F401
        except ImportError:
            self.skipTest("boto3 is not installed: a function's call of SendTaskSuccess is NOT tested")
        functions = {"calls_home": {**python("calls_home"), "environment": {"PATH": f"{pathlib.Path(sys.executable).parent}:/usr/bin:/bin"}}}
        started = self.environment_of(functions, {})
        definition = {
            "StartAt": "T",
            "States": {
                "T": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                    "Parameters": {"FunctionName": "calls_home", "Payload": {"token.$": "$$.Task.Token"}},
                    "TimeoutSeconds": 20,
                    "End": True,
                }
            },
        }
        machine = started.api.create("waits", definition)
        ended = started.end(started.api.call("StartExecution", stateMachineArn=machine)["executionArn"])
        self.assertEqual(ended.get("output"), '"from the function"', ended)


class TemporaryFolders(unittest.TestCase):
    def test_those_of_a_killed_server_are_removed_by_the_next(self):
        with tempfile.TemporaryDirectory(prefix="pawl-tmp-") as parent:
            folders = lambda: sorted(pathlib.Path(parent).glob("pawl-functions-*"))
            before = os.environ.get("TMPDIR")
            os.environ["TMPDIR"] = parent
            try:
                first, second = harness.Pawl().start(), harness.Pawl().start()
                self.addCleanup(first.close)
                self.addCleanup(second.close)
                self.assertEqual(len(folders()), 2)
                first.kill()
                self.assertEqual(len(folders()), 2)
                first.start()
                self.assertEqual(len(folders()), 2)  # the dead one's has gone, the living one's has not
                second.stop()
                self.assertEqual(len(folders()), 1)
            finally:
                os.environ.pop("TMPDIR") if before is None else os.environ.update(TMPDIR=before)
            first.stop()
            self.assertEqual(folders(), [])


class LambdaEndpoint(unittest.TestCase):
    """A `url` that is an endpoint of Lambda's API, such as SAM's."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(event["answer"]).encode()
            self.send_response(200)
            if event.get("fails"):
                self.send_header("X-Amz-Function-Error", "Unhandled")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    def test_a_function_that_failed_is_an_error(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_address[1]}/2015-03-31/functions/there/invocations"
        started = Functions({}, {"there": {"url": url}})
        self.addCleanup(started.close)
        self.assertEqual(started.output("there", {"answer": 1}), 1)
        failed = {"errorType": "ValueError", "errorMessage": "no"}
        self.assertEqual(started.error("there", {"answer": failed, "fails": True}), ("ValueError", failed))
        ended = started.run("there", {"answer": {"what": "no type"}, "fails": True})
        self.assertEqual((ended["status"], ended["error"]), ("FAILED", "Lambda.Unknown"))


UPLOADED = '''
import os
import helper
def handler(event, context):
    if "print" in event:
        print(event["print"])
        return "printed"
    try:
        with open(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "app.py"), "w") as file:
            file.write("def handler(event, context): return 'changed'")
    except OSError as error:
        return str(error).split(":")[0]
    return "written"
'''


class Uploaded(unittest.TestCase):
    """Functions of the Lambda API."""

    def start(self, *arguments):
        started = harness.Pawl(arguments=arguments).start()
        self.addCleanup(started.close)
        self.endpoint = started.endpoint
        return started

    def ask(self, method, path, document=None, **headers):
        request = urllib.request.Request(self.endpoint + path, method=method, headers=headers)
        request.data = None if document is None else json.dumps(document).encode()
        with urllib.request.urlopen(request) as response:
            return response.headers, json.loads(response.read())

    def create(self, name, files, **settings):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as zipped:
            for file, text in files.items():
                zipped.writestr(file, text)
        code = {"ZipFile": base64.b64encode(archive.getvalue()).decode()}
        settings = {"Runtime": "python3.12", "Handler": "app.handler", "Role": harness.ROLE, **settings}
        self.ask("POST", "/2015-03-31/functions", {"FunctionName": name, "Code": code, **settings})

    def invoke(self, name, event=None):
        """The answer, the end of the log, and the whole log of the invocation in three places."""
        path = f"/2015-03-31/functions/{name}/invocations"
        headers, answer = self.ask("POST", path, event or {}, **{"X-Amz-Log-Type": "Tail"})
        request_id = headers["x-amzn-RequestId"]
        tail = base64.b64decode(headers["X-Amz-Log-Result"]).decode()
        listed = self.ask("GET", f"/api/v1/functions/{name}/invocations")[1]["invocations"]
        in_list = next(invocation["log"] for invocation in listed if invocation["requestId"] == request_id)
        alone = self.ask("GET", f"/api/v1/functions/{name}/logs?requestId={request_id}")[1]["text"]
        command = [harness.program(), "logs", name, "--request-id", request_id, "--server", self.endpoint]
        printed = subprocess.run(command, capture_output=True, text=True, timeout=30).stdout
        self.assertEqual([tail, in_list, alone], [printed] * 3)
        return answer, printed

    def test_what_fails_while_it_starts_is_in_the_log(self):
        self.start()
        self.create("import", {"app.py": "import there_is_no_such_module\n"})
        self.create("syntax", {"app.py": "def handler(:\n"})
        self.create("name", {"app.py": "other = 1\n"})
        self.create("nothing", {"app.py": ""}, Runtime="provided.al2023")
        for name, error_type, line in (
            ("import", "Runtime.ImportModuleError", "[ERROR] Runtime.ImportModuleError: Unable to import module 'app': No module named"),
            ("syntax", "Runtime.UserCodeSyntaxError", "[ERROR] Runtime.UserCodeSyntaxError: Syntax error in module 'app': "),
            ("name", "Runtime.HandlerNotFound", "[ERROR] Runtime.HandlerNotFound: Handler 'handler' missing on module 'app'"),
            ("nothing", "Runtime.InvalidEntrypoint", "Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"),
        ):
            with self.subTest(name):
                answer, log = self.invoke(name)
                self.assertEqual(answer["errorType"], error_type)
                self.assertRegex(log, r"^START RequestId: \S+ Version: \$LATEST\n")
                self.assertIn(line, log)
                self.assertRegex(log, rf"\nEND RequestId: \S+\nREPORT RequestId: .*\tStatus: error\tError Type: {error_type}\n$")
                self.assertEqual(log.count(line), 1)

    def test_a_slow_start_is_seen_while_it_lasts(self):
        started = self.start()
        self.create("slow", {"app.py": "import time\nprint('loading')\ntime.sleep(3)\nhandler = lambda event, context: 1\n"}, Timeout=10)
        log = started.folder / "pawl.db-logs" / "slow.log"
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(self.invoke, "slow")
            harness.eventually(lambda: log.exists() and log.read_text() == "loading\n", 10, "a line of the log")
            self.assertFalse(answer.done())
            self.assertEqual(answer.result()[0], 1)
        self.assertRegex(log.read_text(), "^loading\nSTART RequestId: ")

    def test_a_time_out_is_in_the_log(self):
        self.start()
        self.create("sleeps", {"app.py": "import time\ndef handler(event, context):\n    time.sleep(60)\n"}, Timeout=1)
        answer, log = self.invoke("sleeps")
        self.assertEqual(answer["errorType"], "Sandbox.Timedout")
        self.assertRegex(log, r"\n\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z \S{36} Task timed out after 1\.00 seconds\n\nEND RequestId: ")

    def test_what_is_printed_does_not_end_a_log(self):
        self.start()
        self.create("prints", {"app.py": UPLOADED, "helper.py": ""})
        for line in ("REPORT RequestId: ", "REPORT RequestId: another\tDuration: 1.00 ms", "END RequestId: another"):
            answer, log = self.invoke("prints", {"print": line + "\nand more"})
            self.assertEqual(answer, "printed")
            self.assertIn(line + "\nand more\nEND RequestId: ", log)

    def unchanged(self, *arguments):
        started = self.start(*arguments)
        for name in ("one", "other"):
            self.create(name, {"app.py": UPLOADED, "helper.py": ""})
        self.assertEqual(self.invoke("one")[0], "[Errno 30] Read-only file system" if arguments else "[Errno 13] Permission denied")
        folder = next((started.folder / "pawl.db-functions").glob("*/code"))
        self.assertEqual((folder / "app.py").read_text(), UPLOADED)
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["app.py", "helper.py"])

    @unittest.skipUnless(harness.bubblewrap_works(), "bubblewrap does not work here: read-only code in the sandbox is NOT tested")
    def test_code_does_not_change_in_the_sandbox(self):
        self.unchanged("--sandbox", "bwrap")

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere: read-only code is NOT tested")
    def test_code_does_not_change(self):
        self.unchanged()

    def test_code_gets_no_company(self):
        started = self.start()
        self.create("prints", {"app.py": UPLOADED, "helper.py": ""})
        self.assertEqual(self.invoke("prints", {"print": "x"})[0], "printed")
        folder = next((started.folder / "pawl.db-functions").glob("*/code"))
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["app.py", "helper.py"])


class FunctionUrl(unittest.TestCase):
    def test_a_streamed_status_reaches_the_caller(self):
        started = Functions({"js/app.js": NODE}, {"js-streams_http": node("streams_http")})
        self.addCleanup(started.close)
        config = urllib.request.Request(
            f"{started.pawl.endpoint}/2021-10-31/functions/js-streams_http/url",
            data=json.dumps({"AuthType": "NONE"}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(config) as response:
            url = json.loads(response.read())["FunctionUrl"]
        with urllib.request.urlopen(url) as response:
            self.assertEqual((response.status, response.read(), response.headers["X-Seen"]), (201, b"hi", "yes"))
            self.assertEqual(response.headers["Set-Cookie"], "a=b")


if __name__ == "__main__":
    unittest.main()
