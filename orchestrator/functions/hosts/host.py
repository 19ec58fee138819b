"""Runs a Python handler as AWS Lambda does: loads MODULE.FUNCTION from the code folder, asks the Runtime API for events
and answers with what the handler returns or raises.

Standard library only, Python 3.7 or newer. Variables: AWS_LAMBDA_RUNTIME_API, _HANDLER, LAMBDA_TASK_ROOT.
Spec: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes" and "Python context object".
"""
import sys

if sys.path[0] == "":  # the code folder: its modules must not stand for those of the standard library here
    sys.path.pop(0)

import base64
import decimal
import importlib
import json
import math
import os
import socket
import time
import traceback

BASE = "/2018-06-01/runtime"
THIS_FILE = globals().get("__file__", "<string>")  # it may have been started with -c


class Described:
    """Printed as AWS's own classes are: NAME([field=value,…])."""

    _shown = ()

    def __repr__(self):
        return "%s([%s])" % (type(self).__name__, ",".join("%s=%s" % (name, getattr(self, name)) for name in self._shown))


class CognitoIdentity(Described):
    _shown = ("cognito_identity_id", "cognito_identity_pool_id")

    def __init__(self, fields):
        self.cognito_identity_id = fields.get("cognitoIdentityId")
        self.cognito_identity_pool_id = fields.get("cognitoIdentityPoolId")


class Client(Described):
    _shown = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")

    def __init__(self, fields):
        for name in self._shown:
            setattr(self, name, fields.get(name))


class ClientContext(Described):
    _shown = ("custom", "env", "client")

    def __init__(self, fields):
        self.client = Client(fields.get("client") or {})
        self.custom = fields.get("custom")
        self.env = fields.get("env")


class LambdaContext(Described):
    """What a handler may ask about its invocation."""

    _shown = (
        "aws_request_id",
        "log_group_name",
        "log_stream_name",
        "function_name",
        "memory_limit_in_mb",
        "function_version",
        "invoked_function_arn",
        "client_context",
        "identity",
    )

    def __init__(self, headers):
        self.aws_request_id = headers.get("lambda-runtime-aws-request-id", "")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn", "")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        client = fields_of(headers.get("lambda-runtime-client-context"))
        self.client_context = ClientContext(client) if client else None
        self.identity = CognitoIdentity(fields_of(headers.get("lambda-runtime-cognito-identity")))
        self._deadline_ms = int(headers.get("lambda-runtime-deadline-ms") or 0)

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


def fields_of(text):
    """A header's JSON object, plain or in base64; an empty one when it is neither."""
    for decode in (lambda t: t, lambda t: base64.b64decode(t).decode()):
        try:
            fields = json.loads(decode(text))
            if isinstance(fields, dict):
                return fields
        except Exception:
            continue
    return {}


class RuntimeApi:
    """One connection, kept open. A socket of our own: http.client takes a third of a millisecond for each request."""

    def __init__(self, address):
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._connection = None
        self._reader = None

    def request(self, method, path, body=b"", headers=()):
        if self._connection is None:
            self._connection = socket.create_connection((self._host, self._port), timeout=None)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._reader = self._connection.makefile("rb")
        lines = ["%s %s%s HTTP/1.1" % (method, BASE, path), "Host: %s:%d" % (self._host, self._port)]
        lines += ["%s: %s" % header for header in headers]
        if method == "POST":
            lines.append("Content-Length: %d" % len(body))
        self._connection.sendall("\r\n".join(lines + ["", ""]).encode("latin-1") + body)
        return self._response()

    def _response(self):
        status = self._reader.readline().split(b" ", 2)
        if len(status) < 2:
            raise ConnectionError("the Runtime API has gone")
        headers = {}
        while True:
            line = self._reader.readline().decode("latin-1").strip()
            if not line:
                break
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return int(status[1]), headers, self._reader.read(int(headers.get("content-length") or 0))

    def send_error(self, path, document):
        body = json.dumps(document).encode()
        error_type = "".join(c for c in document["errorType"] if " " <= c <= "~")
        self.request(
            "POST",
            path,
            body,
            [("Content-Type", "application/json"), ("Lambda-Runtime-Function-Error-Type", error_type)],
        )


def is_named(value):
    """Named tuples and their like: Lambda writes them as objects."""
    return not isinstance(value, type) and callable(getattr(value, "_asdict", None))


PLAIN = frozenset((str, int, float, bool, type(None)))


def has_named_tuple(value):
    if isinstance(value, dict):
        items = value.values()
    elif isinstance(value, (list, tuple)):
        if is_named(value):
            return True
        items = value
    else:
        return False
    return any(has_named_tuple(item) for item in items if type(item) not in PLAIN)


def with_objects(value):
    """The same with objects in place of named tuples, which json takes for arrays."""
    if is_named(value):
        value = value._asdict()
    if isinstance(value, dict):
        return {key: with_objects(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_objects(item) for item in value]
    return value


# Until Python 3.11 Lambda writes what is not ASCII as \uXXXX.
ASCII_RUNTIMES = {"AWS_Lambda_python3.%d" % minor for minor in range(12)}


def to_json(value):
    """As Lambda's encoder writes it; decimals with all of their digits, which json can't do: they are strings with a
    mark on both sides, which is taken away together with the quotes."""
    mark = []

    def other(thing):
        if isinstance(thing, decimal.Decimal):
            if thing.is_nan():
                return math.nan
            if not mark:
                mark.append(os.urandom(16).hex())
            return mark[0] + str(thing) + mark[0]
        if isinstance(thing, bytes):
            return thing.decode()
        if is_named(thing):
            return with_objects(thing)
        raise TypeError("Object of type %s is not JSON serializable" % type(thing).__name__)

    if has_named_tuple(value):
        value = with_objects(value)
    text = json.dumps(value, default=other, ensure_ascii=os.environ.get("AWS_EXECUTION_ENV") in ASCII_RUNTIMES)
    if mark:
        text = text.replace('"' + mark[0], "").replace(mark[0] + '"', "")
    return text.encode()


def answer_of(result):
    """The body of the response and its type: bytes are sent as they are."""
    if isinstance(result, bytes):
        return result, "application/unknown"
    return to_json(result), "application/json"


def frames_of(error):
    """The stack of what was raised, from the handler on: our own frames and those of the import system are cut off."""
    frames = traceback.extract_tb(error.__traceback__)
    first = 0
    while first < len(frames) and (
        frames[first].filename == THIS_FILE or "importlib" in frames[first].filename
    ):
        first += 1
    return traceback.format_list(frames[first:])


def report(title, message, frames):
    """In the log, in Lambda's form."""
    text = "[ERROR] %s: %s\nTraceback (most recent call last):\n%s" % (title, message, "".join(frames))
    write_line(text.rstrip("\n"))


def write_line(text):
    try:
        sys.stdout.write(text + "\n")
    except (OSError, ValueError):  # the handler closed it: a log must not fail a function
        pass


class Unbuffered:
    """A stream whose text leaves as soon as it is written: nothing is left to write when an invocation ends."""

    def __init__(self, stream):
        self.stream = stream

    def __enter__(self):
        self.stream.__enter__()
        return self

    def __exit__(self, *raised):
        self.stream.__exit__(*raised)

    def write(self, text):
        self.stream.write(text)
        self.stream.flush()

    def writelines(self, lines):
        self.stream.writelines(lines)
        self.stream.flush()

    def __getattr__(self, name):
        return getattr(self.stream, name)


class BadHandler(Exception):
    """What makes the handler unusable; the document says how Lambda words it."""

    def __init__(self, error_type, message, frames=()):
        super().__init__(message)
        self.document = {
            "errorMessage": message,
            "errorType": error_type,
            "requestId": "",
            "stackTrace": list(frames),
        }


def load_handler(text):
    module_name, dot, name = text.rpartition(".")
    if not dot:
        raise BadHandler("Runtime.MalformedHandlerName", "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % text)
    module_name = module_name.replace("/", ".")
    try:
        if module_name.split(".")[0] in sys.builtin_module_names:
            raise ImportError("Cannot use built-in module %s as a handler module" % module_name)
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise BadHandler("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error))
    except SyntaxError as error:
        trace = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]
        raise BadHandler("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, error), trace)
    except Exception as error:
        raise BadHandler(type(error).__name__, str(error), frames_of(error))
    if not hasattr(module, name):
        raise BadHandler("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (name, module_name))
    return getattr(module, name)


def run(api, handler, headers, body):
    context = LambdaContext(headers)
    path = "/invocation/" + context.aws_request_id
    try:
        event = json.loads(body)
    except ValueError as error:
        document = {
            "errorMessage": "Unable to unmarshal input: %s" % error,
            "errorType": "Runtime.UnmarshalError",
            "requestId": context.aws_request_id,
            "stackTrace": [],
        }
        return lambda: api.send_error(path + "/error", document)
    try:
        result = handler(event, context)
    except Exception as error:
        frames = frames_of(error)
        report(type(error).__name__, str(error), frames)
        document = {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "requestId": context.aws_request_id,
            "stackTrace": frames,
        }
        return lambda: api.send_error(path + "/error", document)
    try:
        answer, content_type = answer_of(result)
    except Exception as error:
        message = "Unable to marshal response: %s" % error
        report("Runtime.MarshalError", message, [])
        document = {
            "errorMessage": message,
            "errorType": "Runtime.MarshalError",
            "requestId": context.aws_request_id,
            "stackTrace": [],
        }
        return lambda: api.send_error(path + "/error", document)
    return lambda: api.request("POST", path + "/response", answer, [("Content-Type", content_type)])


def log_like_lambda():
    """The root logger writes what Lambda's does; programs that set it up themselves are left alone."""
    import logging

    class Handler(logging.Handler):
        def emit(self, record):
            write_line(self.format(record))

    class AddRequestId(logging.Filter):
        def filter(self, record):
            record.aws_request_id = current["id"]
            return True

    handler = Handler()
    form = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
    formatter = logging.Formatter(form, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(AddRequestId())
    logging.getLogger().addHandler(handler)


current = {"id": ""}


def set_trace_id(text):
    if text:
        os.environ["_X_AMZN_TRACE_ID"] = text
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)


def main():
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout, sys.stderr = Unbuffered(sys.stdout), Unbuffered(sys.stderr)
    sys.path.insert(0, os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd())
    log_like_lambda()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except BadHandler as bad:
        report(bad.document["errorType"], str(bad), bad.document["stackTrace"])
        api.send_error("/init/error", bad.document)
        sys.exit(1)
    while True:
        try:
            status, headers, body = api.request("GET", "/invocation/next")
        except OSError:
            return
        if status != 200:
            return
        current["id"] = headers.get("lambda-runtime-aws-request-id", "")
        set_trace_id(headers.get("lambda-runtime-trace-id"))
        answer = run(api, handler, headers, body)
        try:
            answer()
        except OSError:
            return


if __name__ == "__main__":
    main()
