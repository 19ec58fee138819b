"""HTTP Tasks against a server of our own: requests, answers, errors, connections."""
import base64
import http.server
import json
import threading
import time
import unittest
import urllib.parse

from workflow import ApiError, Workflows, start_with

ARN = "arn:aws:events:us-east-1:000000000000:connection/"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    tokens = 0

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.good_token = None
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body, kind="application/json", headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self):
        url = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path == "/token":
            form = dict(urllib.parse.parse_qsl(body.decode()))
            if form.get("client_secret") != "s3cret":
                return self.send(401, b'{"error": "invalid_client", "hint": "the secret was s3cret"}')
            self.server.tokens += 1
            self.server.good_token = f"token-{self.server.tokens}"
            answer = {"access_token": self.server.good_token, "expires_in": 3600, "scope": form.get("scope")}
            return self.send(200, json.dumps(answer).encode())
        if url.path == "/protected" and self.headers.get("Authorization") != f"Bearer {self.server.good_token}":
            return self.send(401, b'{"error": "who are you?"}')
        if url.path.startswith("/status/"):
            return self.send(int(url.path.rsplit("/", 1)[1]), b"it went wrong", "text/plain", [("Location", "/echo")])
        if url.path == "/slow":
            time.sleep(5)
        if url.path == "/bytes":
            return self.send(200, b"\xff\xfeabc", "application/octet-stream", [("X-Latin", "gr\xfc\xdfe")])
        if url.path == "/bad":
            return self.send(500, ("a" + "\u00fc" * 40_000).encode() + b"\xff", "text/plain")
        if url.path == "/large":
            return self.send(200, b"x" * 300_000, "text/plain")
        if url.path == "/huge":
            return self.send(200, b"x" * 3_000_000, "text/plain")
        if url.path == "/text":
            return self.send(200, "grüße".encode(), "text/plain", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        if url.path == "/cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            self.close_connection = True
            return None
        echo = {"method": self.command, "path": url.path, "query": urllib.parse.parse_qsl(url.query, keep_blank_values=True),
                "headers": {name.lower(): value for name, value in self.headers.items()}, "body": body.decode()}
        return self.send(200, json.dumps(echo).encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = handle_any


def setUpModule():
    global server, flows
    server = Server()
    oauth = {"endpoint": server.url + "/token", "client_id": "me", "client_secret": "s3cret"}
    flows = Workflows(arguments=["--http-task-private"], connections={"connections": {
        "open": {},
        "key": {"api_key": {"name": "X-Api-Key", "value": "k1"}, "headers": {"X-More": "yes"}, "query": {"from": "pawl"},
                "body": {"team": "blue"}},
        "basic": {"basic": {"username": "ann", "password": "p:w"}},
        "oauth": {"oauth": {**oauth, "body": {"scope": "all"}}},
        "oauth-wrong": {"oauth": {**oauth, "client_secret": "other"}},
    }})


def tearDownModule():
    flows.close()
    server.shutdown()
    server.server_close()


def request(path="/echo", method="GET", connection="open", **more):
    return {"ApiEndpoint": server.url + path, "Method": method, "Authentication": {"ConnectionArn": ARN + connection}, **more}


def echoed(**parameters):
    return flows.run("http:invoke", request(**parameters))["ResponseBody"]


class Requests(unittest.TestCase):
    def test_what_is_sent(self):
        got = echoed(method="POST", path="/a%20b", Headers={"X-One": "1", "X-Two": ["a", "b"]}, RequestBody={"n": 1},
                     QueryParameters={"q": "x y&z", "list": ["1", "2"]})
        self.assertEqual((got["method"], got["path"], got["body"]), ("POST", "/a%20b", '{"n":1}'))
        self.assertEqual(got["query"], [["q", "x y&z"], ["list", "1"], ["list", "2"]])
        headers = got["headers"]
        self.assertEqual((headers["x-one"], headers["content-type"]), ("1", "application/json"))
        self.assertEqual(headers["user-agent"], "Amazon|StepFunctions|HttpInvoke|us-east-1")
        self.assertEqual(headers["range"], "bytes=0-262144")

    def test_all_methods(self):
        for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
            self.assertEqual(echoed(method=method)["method"], method)
        answer = flows.run("http:invoke", request(method="HEAD"))
        self.assertEqual((answer["StatusCode"], answer["ResponseBody"]), (200, ""))

    def test_forms(self):
        form = {"Headers": {"Content-Type": "application/x-www-form-urlencoded"}, "method": "POST",
                "RequestBody": {"a": [1, 2], "b": {"c": "x y"}, "d": True}}
        expected = {"INDICES": "a%5B0%5D=1&a%5B1%5D=2", "REPEAT": "a=1&a=2", "COMMAS": "a=1%2C2", "BRACKETS": "a%5B%5D=1&a%5B%5D=2",
                    "NONE": "a=%5B1%2C2%5D"}
        for name, start in expected.items():
            transform = {"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": name}}
            self.assertEqual(echoed(**form, Transform=transform)["body"], start + "&b%5Bc%5D=x%20y&d=true")
        self.assertTrue(echoed(**form, Transform={"RequestBodyEncoding": "URL_ENCODED"})["body"].startswith("a%5B0%5D=1"))

    def test_what_can_not_be_sent_fails_at_once(self):
        for wrong, words in (({"Headers": {"A": "x\r\nB: y"}}, "no header"), ({"Method": "TRACE"}, "'Method'"),
                             ({"ApiEndpoint": "file:///etc/passwd"}, "'ApiEndpoint'"), ({"Authentication": {}}, "ConnectionArn"),
                             ({"RequestBody": {}, "Transform": {"RequestBodyEncoding": "URL_ENCODED"}}, "Content-Type")):
            error, cause = flows.error("http:invoke", {**request(), **wrong})
            self.assertEqual(error, "States.Runtime", wrong)
            self.assertIn(words, cause)


    def test_what_can_never_be_sent_is_refused_with_its_definition(self):
        for wrong, words in (({"Headers": {"Host": "x", "X-Amz-Date.$": "$.x"}}, "unsupported values: [host, x-amz-date] at"),
                             ({"Headers": {"Authorization": "Bearer x"}}, "The 'Headers' field contains unsupported values: "
                              "[authorization] at /States/Call/Parameters"),
                             ({"Body": {"a": 1}}, 'The field "Body" is not supported by Step Functions at /States/Call/Parameters')):
            with self.assertRaises(ApiError) as refusal:
                flows.start("http:invoke", {**request(), **wrong})
            self.assertIn("SCHEMA_VALIDATION_FAILED", refusal.exception.message)
            self.assertIn(words, refusal.exception.message)

    def test_headers_that_come_later_are_looked_at_then(self):
        state = {"QueryLanguage": "JSONata", "Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": True,
                 "Arguments": {**request(), "Headers": "{% {'Via': 'x'} %}"}}
        machine = flows.api.create("later", {"StartAt": "Call", "States": {"Call": state}})
        ended = flows.end(flows.api.call("StartExecution", stateMachineArn=machine)["executionArn"])
        self.assertEqual(ended["error"], "States.Runtime")
        self.assertIn("The 'Headers' field contains unsupported values: [via]", ended["cause"])


class Answers(unittest.TestCase):
    def test_shape(self):
        answer = flows.run("http:invoke", request("/text"))
        self.assertEqual((answer["ResponseBody"], answer["StatusCode"], answer["StatusText"]), ("grüße", 200, "OK"))
        self.assertEqual(answer["Headers"]["Content-Type"], ["text/plain"])
        self.assertEqual(answer["Headers"]["Set-Cookie"], ["a=1", "b=2"])

    def test_statuses_are_errors(self):
        for status in (301, 404, 429, 500, 503):
            self.assertEqual(flows.error("http:invoke", request(f"/status/{status}")),
                             (f"States.Http.StatusCode.{status}", "it went wrong"))

    def test_bytes_that_are_no_text_become_text(self):
        answer = flows.run("http:invoke", request("/bytes"))
        self.assertEqual(answer["ResponseBody"], "\ufffd\ufffdabc")
        self.assertEqual(answer["Headers"]["X-Latin"], ["gr\ufffd\ufffde"])
        error, cause = flows.error("http:invoke", request("/bad"))
        self.assertEqual((error, len(cause), cause[-1]), ("States.Http.StatusCode.500", 32_768, "\u00fc"))

    def test_they_can_be_caught_by_their_name(self):
        definition = {"StartAt": "Call", "States": {
            "Call": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": request("/status/418"), "End": True,
                     "Catch": [{"ErrorEquals": ["States.Http.StatusCode.418"], "Next": "Teapot"}]},
            "Teapot": {"Type": "Pass", "Result": "short and stout", "End": True}}}
        machine = flows.api.create("teapot", definition)
        execution = flows.api.call("StartExecution", stateMachineArn=machine)["executionArn"]
        self.assertEqual(flows.end(execution), "short and stout")

    def test_no_answer(self):
        nowhere = {**request(), "ApiEndpoint": "http://127.0.0.1:1/"}
        self.assertEqual(flows.error("http:invoke", nowhere), ("States.Http.Socket", "Connect to 127.0.0.1:1 failed: Connection refused"))
        self.assertEqual(flows.error("http:invoke", request("/cut"))[0], "States.Http.Socket")
        unknown = {**request(), "ApiEndpoint": "http://no-such-host.invalid/"}
        self.assertEqual(flows.error("http:invoke", unknown)[0], "States.Http.Socket")

    def test_too_large_an_answer(self):
        self.assertEqual(flows.error("http:invoke", request("/large"))[0], "States.DataLimitExceeded")
        self.assertEqual(flows.error("http:invoke", request("/huge"))[0], "States.DataLimitExceeded")

    def test_a_slow_server_meets_the_task_s_time_out(self):
        began = time.monotonic()
        self.assertEqual(flows.run("http:invoke", request("/slow"), TimeoutSeconds=1)["error"], "States.Timeout")
        self.assertLess(time.monotonic() - began, 4)


class Connections(unittest.TestCase):
    def test_api_key_and_what_a_connection_adds(self):
        got = echoed(method="POST", connection="key/0123-abc", RequestBody={"x": 1}, QueryParameters={"from": "elsewhere"})
        self.assertEqual((got["headers"]["x-api-key"], got["headers"]["x-more"]), ("k1", "yes"))
        self.assertEqual(got["query"], [["from", "pawl"]])
        self.assertEqual(echoed(path="/echo?from=there&a=1", connection="key")["query"], [["a", "1"], ["from", "pawl"]])
        self.assertEqual(json.loads(got["body"]), {"x": 1, "team": "blue"})

    def test_basic(self):
        expected = "Basic " + base64.b64encode(b"ann:p:w").decode()
        self.assertEqual(echoed(connection="basic")["headers"]["authorization"], expected)

    def test_oauth_fetches_one_token_for_many_tasks_and_a_new_one_when_it_is_refused(self):
        executions = [flows.start("http:invoke", request("/protected", connection="oauth")) for _ in range(20)]
        for execution in executions:
            self.assertEqual(flows.end(execution)["StatusCode"], 200)
        self.assertEqual(server.tokens, 1)
        server.good_token = "revoked"
        answer = flows.run("http:invoke", request("/protected", connection="oauth"),
                           Retry=[{"ErrorEquals": ["States.Http.StatusCode.401"], "IntervalSeconds": 1, "MaxAttempts": 1}])
        self.assertEqual(answer["StatusCode"], 200)
        self.assertEqual(server.tokens, 2)

    def test_secrets_do_not_reach_the_workflow(self):
        error, cause = flows.error("http:invoke", request("/protected", connection="oauth-wrong"))
        self.assertEqual(error, "Events.ConnectionResource.InvalidConnectionState")
        self.assertNotIn("s3cret", cause)
        execution = flows.start("http:invoke", request(connection="basic"))
        flows.end(execution)
        scheduled = json.dumps([e for e in flows.api.history(execution) if e["type"] == "TaskScheduled"])
        self.assertNotIn("p:w", scheduled)

    def test_an_unknown_connection(self):
        error, cause = flows.error("http:invoke", request(connection="nobody"))
        self.assertEqual(error, "Events.ConnectionResource.InvalidConnectionState")
        self.assertIn("--connections", cause)

    def test_the_file_is_checked(self):
        for document, words in (({"connections": {"a": {"api_key": {}}}}, "/connections/a/api_key: 'name' is missing"),
                                ({"connections": {"a": {"token": 1}}}, "unknown field 'token'"), ("{", "file.json:1:2: not JSON: ")):
            status, text = start_with("--connections", document)
            self.assertEqual(status, 2, text)
            self.assertIn(words, text)


class Tests(unittest.TestCase):
    def inspect(self, level, **parameters):
        state = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": request(**parameters), "End": True}
        return flows.api.call("TestState", definition=json.dumps(state), roleArn="arn:aws:iam::000000000000:role/test",
                              inspectionLevel=level)

    def test_trace_shows_the_exchange_without_secrets(self):
        tested = self.inspect("TRACE", connection="key", method="POST", path="/echo?a=1", RequestBody={"x": 1}, Headers={"X-One": "1"})
        self.assertEqual(tested["status"], "SUCCEEDED")
        sent, got = tested["inspectionData"]["request"], tested["inspectionData"]["response"]
        self.assertEqual((sent["protocol"], sent["method"], sent["url"], sent["body"]), ("http", "POST", server.url + "/echo?a=1", '{"x":1}'))
        self.assertIn("X-One: 1", sent["headers"])
        for secret in ("k1", "pawl", "blue"):
            self.assertNotIn(secret, json.dumps(sent))
        self.assertEqual((got["protocol"], got["statusCode"], got["statusMessage"]), ("http", "200", "OK"))
        self.assertIn("Content-Type: application/json", got["headers"])
        self.assertEqual(json.loads(got["body"])["method"], "POST")

    def test_other_levels_do_not(self):
        self.assertNotIn("request", self.inspect("DEBUG")["inspectionData"])
        self.assertNotIn("inspectionData", self.inspect("INFO"))

    def test_trace_shows_errors_too(self):
        tested = self.inspect("TRACE", path="/status/404")
        self.assertEqual(tested["error"], "States.Http.StatusCode.404")
        self.assertEqual(tested["inspectionData"]["response"]["statusCode"], "404")
        nowhere = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": True,
                   "Parameters": {**request(), "ApiEndpoint": "http://127.0.0.1:1/"}}
        tested = flows.api.call("TestState", definition=json.dumps(nowhere), roleArn="arn:aws:iam::000000000000:role/test",
                                inspectionLevel="TRACE")
        self.assertEqual(tested["error"], "States.Http.Socket")
        self.assertNotIn("response", tested["inspectionData"])


class PrivateAddresses(unittest.TestCase):
    def test_are_refused_unless_they_are_allowed(self):
        careful = Workflows(connections={"connections": {"open": {}}})
        self.addCleanup(careful.close)
        port = server.server_address[1]
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "10.0.0.1", "169.254.169.254", "0.0.0.0"):
            parameters = {**request(), "ApiEndpoint": f"http://{host}:{port}/echo"}
            error, cause = careful.error("http:invoke", parameters)
            self.assertEqual(error, "States.Http.Socket", host)
            self.assertIn("--http-task-private", cause, host)

    def test_a_cloud_s_metadata_is_never_reached(self):
        error, cause = flows.error("http:invoke", {**request(), "ApiEndpoint": "http://169.254.169.254/latest/meta-data"})
        self.assertEqual(error, "States.Http.Socket")
        self.assertIn("not allowed", cause)
        error, cause = flows.error("http:invoke", {**request(), "ApiEndpoint": "http://[fd00:ec2::254]/latest/meta-data"})
        self.assertEqual(error, "States.Http.Socket")
        self.assertIn("not allowed", cause)


if __name__ == "__main__":
    unittest.main()
