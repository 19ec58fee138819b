"""Stand-ins for AWS's services: a recording server of our own for SQS, SNS, EventBridge and Secrets Manager, and the
npm packages dynalite (DynamoDB), kinesalite (Kinesis) and s3rver (S3), each on a free port of this machine.
"""
import hashlib
import http.server
import json
import pathlib
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import uuid

import signature_check

HERE = pathlib.Path(__file__).resolve().parent
MODULES = HERE / "node_modules"


class ServiceError(Exception):
    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def md5(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Recorder(http.server.ThreadingHTTPServer):
    """Answers as the services do, as far as workflows need; `requests` says what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests, self.queues, self.lock = [], {}, threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def asked(self, operation):
        """Bodies of the requests for an operation, as JSON or as a form."""
        with self.lock:
            return [body for name, body in self.requests if name == operation]

    # --- operations

    def create_queue(self, request):
        with self.lock:
            self.queues.setdefault(request["QueueName"], [])
        return {"QueueUrl": f"{self.url}/000000000000/{request['QueueName']}"}

    def queue(self, request):
        name = request["QueueUrl"].rsplit("/", 1)[-1]
        with self.lock:
            if name not in self.queues:
                raise ServiceError("com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.")
            return self.queues[name]

    def send_message(self, request):
        if not isinstance(request["MessageBody"], str):
            raise ServiceError("com.amazon.coral.service#SerializationException", "MessageBody is no text")
        message = {"Body": request["MessageBody"], "MessageId": str(uuid.uuid4()), "MD5OfBody": md5(request["MessageBody"])}
        self.queue(request).append(message)
        return {"MD5OfMessageBody": message["MD5OfBody"], "MessageId": message["MessageId"]}

    def receive_message(self, request):
        queue = self.queue(request)
        with self.lock:
            messages = [queue.pop(0) for _ in range(min(len(queue), request.get("MaxNumberOfMessages", 1)))]
        return {"Messages": [{**message, "ReceiptHandle": message["MessageId"]} for message in messages]} if messages else {}

    @staticmethod
    def put_events(request):
        entries = []
        for entry in request["Entries"]:
            try:
                detail = json.loads(entry.get("Detail") or "")
            except ValueError:
                detail = None
            if not entry.get("Source"):
                entries.append({"ErrorCode": "InvalidArgument",
                                "ErrorMessage": "Parameter Source is not valid. Reason: Source is a required argument."})
            elif not isinstance(detail, dict):
                entries.append({"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."})
            else:
                entries.append({"EventId": str(uuid.uuid4())})
        return {"Entries": entries, "FailedEntryCount": sum("ErrorCode" in entry for entry in entries)}

    @staticmethod
    def create_secret(request):
        if not all(c.isalnum() or c in "-/_+=.@!" for c in request["Name"]):
            raise ServiceError("ValidationException", "Invalid name. Must be a valid name containing alphanumeric characters, "
                               "or any of the following: -/_+=.@!")
        return {"ARN": f"arn:aws:secretsmanager:us-east-1:000000000000:secret:{request['Name']}-aB3dE6",
                "Name": request["Name"], "VersionId": str(uuid.uuid4())}

    @staticmethod
    def publish(form):
        topic = form.get("TopicArn", "")
        if not form.get("Message"):
            raise ServiceError("InvalidParameter", "Invalid parameter: Empty message")
        if "no-such" in topic:
            raise ServiceError("NotFound", "Topic does not exist", 404)
        number = "<SequenceNumber>10000000000000001000</SequenceNumber>" if topic.endswith(".fifo") else ""
        return f"<MessageId>{uuid.uuid4()}</MessageId>{number}"


TARGETS = {
    "AmazonSQS.CreateQueue": Recorder.create_queue,
    "AmazonSQS.SendMessage": Recorder.send_message,
    "AmazonSQS.ReceiveMessage": Recorder.receive_message,
    "AWSEvents.PutEvents": lambda _, request: Recorder.put_events(request),
    "secretsmanager.CreateSecret": lambda _, request: Recorder.create_secret(request),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        wrong = signature_check.problem("POST", self.path, self.headers, body)
        target = self.headers.get("X-Amz-Target")
        try:
            if wrong:
                raise ServiceError("InvalidSignatureException", wrong, 403)
            if target:
                self.answer_json(target, body)
            else:
                self.answer_query(body)
        except ServiceError as error:
            if target:
                extra = {}
                if error.code.endswith("QueueDoesNotExist"):
                    extra["x-amzn-query-error"] = "AWS.SimpleQueueService.NonExistentQueue;Sender"
                self.send(error.status, "application/x-amz-json-1.0", json.dumps({"__type": error.code, "message": error.message}), extra)
            else:
                code = error.code if "#" not in error.code else "AWS.SimpleQueueService.NonExistentQueue"
                self.send(error.status, "text/xml",
                          f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{error.message}</Message>"
                          f"</Error><RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>")

    def answer_json(self, target, body):
        request = json.loads(body)
        with self.server.lock:
            self.server.requests.append((target, request))
        if target not in TARGETS:
            raise ServiceError("com.amazon.coral.service#UnknownOperationException", "")
        self.send(200, self.headers["Content-Type"], json.dumps(TARGETS[target](self.server, request)))

    def answer_query(self, body):
        form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        with self.server.lock:
            self.server.requests.append((form["Action"], form))
        if form["Action"] == "Publish":
            result = self.server.publish(form)
        elif form["Action"] == "SendMessage":
            answer = self.server.send_message(form)
            result = "".join(f"<{name}>{value}</{name}>" for name, value in answer.items())
        else:
            raise ServiceError("InvalidAction", f"The action {form['Action']} is not valid for this endpoint.")
        self.send(200, "text/xml", f'<?xml version="1.0"?><{form["Action"]}Response xmlns="http://example.com/doc/">'
                  f"<{form['Action']}Result>{result}</{form['Action']}Result><ResponseMetadata><RequestId>{uuid.uuid4()}"
                  f"</RequestId></ResponseMetadata></{form['Action']}Response>")

    def send(self, status, kind, text, extra=None):
        body = text.encode()
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "x-amzn-RequestId": str(uuid.uuid4()), **(extra or {})}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def npm_packages():
    """True when the stand-ins of npm are there; fetched on first use."""
    if (MODULES / "s3rver").is_dir():
        return True
    if not (shutil.which("npm") and shutil.which("node")):
        return False
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    return subprocess.run(command, cwd=HERE, timeout=300, check=False).returncode == 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class NodeServer:
    """One of npm's stand-ins as a process of its own."""

    def __init__(self, program, folder, arguments=()):
        self.port = free_port()
        self.log = pathlib.Path(folder) / f"{program}.log"
        command = ["node", str(MODULES / ".bin" / program), "--port", str(self.port), *arguments]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.close()
                    raise RuntimeError(f"{program} did not start: {self.log.read_text()}") from None
                time.sleep(0.1)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        self.process.kill()
        self.process.wait()


def start_dynalite(folder):
    return NodeServer("dynalite", folder, ["--createTableMs", "0", "--deleteTableMs", "0"])


def start_kinesalite(folder):
    return NodeServer("kinesalite", folder, ["--createStreamMs", "0"])


def start_s3rver(folder):
    """Wants requests signed with its own credentials, S3RVER and S3RVER."""
    data = pathlib.Path(folder) / "s3"
    data.mkdir()
    return NodeServer("s3rver", folder, ["--address", "127.0.0.1", "--directory", str(data)])


def endpoints_document(recorder=None, dynalite=None, kinesalite=None, s3rver=None):
    """What --endpoints needs for these stand-ins."""
    services = {}
    if recorder:
        services.update({name: recorder.url for name in ("sqs", "sns", "eventbridge", "secretsmanager")})
    if dynalite:
        services["dynamodb"] = dynalite.url
    if kinesalite:
        services["kinesis"] = kinesalite.url
    if s3rver:
        services["s3"] = {"url": s3rver.url, "credentials": {"access_key_id": "S3RVER", "secret_access_key": "S3RVER"}}
    return {"services": services}
