#!/usr/bin/env python3
"""Runs one handler file over the AWS Lambda Runtime API: asks for an invocation, calls the handler, sends its answer.

    python_host.py HANDLER_FILE [FUNCTION]         (FUNCTION: "handler" when it is left out)

The caller sets AWS_LAMBDA_RUNTIME_API=host:port. Standard library only.
Spec: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
"""
import http.client
import importlib.util
import json
import os
import sys
import time
import traceback

BASE = "/2018-06-01/runtime"


class Context:
    """What a handler may ask about its invocation; the names are those of AWS's own context object."""

    def __init__(self, headers):
        self.aws_request_id = headers.get("Lambda-Runtime-Aws-Request-Id", "")
        self.invoked_function_arn = headers.get("Lambda-Runtime-Invoked-Function-Arn", "")
        self._deadline_ms = int(headers.get("Lambda-Runtime-Deadline-Ms") or 0)

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))


class RuntimeApi:
    """One connection, kept open; opened anew once when it broke between two requests."""

    def __init__(self, address):
        self._address = address
        self._connection = None

    def request(self, method, path, body=None, headers=None):
        for last_try in (False, True):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self._address)
            try:
                self._connection.request(method, BASE + path, body, headers or {})
                response = self._connection.getresponse()
                return response, response.read()
            except (http.client.HTTPException, OSError):
                self._connection.close()
                self._connection = None
                if last_try:
                    raise

    def send_error(self, path, error):
        document = {
            "errorMessage": str(error),
            "errorType": type(error).__name__,
            "stackTrace": traceback.format_tb(error.__traceback__),
        }
        headers = {"Content-Type": "application/json", "Lambda-Runtime-Function-Error-Type": document["errorType"]}
        self.request("POST", path, json.dumps(document).encode(), headers)


def load_handler(path, name):
    path = os.path.abspath(path)
    sys.path.insert(0, os.path.dirname(path))  # a handler may import what lies beside it
    spec = importlib.util.spec_from_file_location("handler_file", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


def serve(api, handler):
    """Until the API says that this process is to end, or is gone."""
    while True:
        try:
            response, body = api.request("GET", "/invocation/next")
        except (http.client.HTTPException, OSError):
            return
        if response.status != 200:
            return
        context = Context(response.headers)
        invocation = "/invocation/" + context.aws_request_id
        try:
            answer = json.dumps(handler(json.loads(body), context), ensure_ascii=False).encode()
        except Exception as error:  # whatever the handler raises is the function's error, not ours
            api.send_error(invocation + "/error", error)
            continue
        api.request("POST", invocation + "/response", answer, {"Content-Type": "application/json"})


def main():
    if len(sys.argv) not in (2, 3) or "AWS_LAMBDA_RUNTIME_API" not in os.environ:
        sys.exit(__doc__)
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "handler")
    except Exception as error:
        api.send_error("/init/error", error)
        raise
    serve(api, handler)


if __name__ == "__main__":
    main()
