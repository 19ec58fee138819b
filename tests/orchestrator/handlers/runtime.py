"""A Lambda runtime in small: what the event's "do" names is done. Standard library only.

Its command line: python3 runtime.py [init-error | init-exit | slow-init]
"""
import http.client
import json
import os
import signal
import subprocess
import sys
import time

API = "/2018-06-01/runtime"
connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def call(method, path, body=None, headers=None):
    connection.request(method, API + path, body, headers or {})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


class Custom(Exception):
    pass


def do(event, headers):
    what = event.get("do", "echo")
    if what == "echo":
        return event
    if what == "pid":
        return os.getpid()
    if what == "sleep":
        time.sleep(event["seconds"])
        return os.getpid()
    if what == "print":
        sys.stdout.write(event["text"] * event.get("times", 1))
        sys.stdout.flush()
        return len(event["text"])
    if what == "raise":
        raise Custom(event.get("text", ""))
    if what == "exit":
        os._exit(event["status"])
    if what == "kill":
        os.kill(os.getpid(), getattr(signal, event["signal"]))
    if what == "headers":
        return {name.lower(): value for name, value in headers.items()}
    if what == "environment":
        return dict(os.environ, CWD=os.getcwd())
    if what == "raw":
        return event["text"].encode("latin-1")
    if what == "large":
        return b'"' + b"x" * event["bytes"] + b'"'
    if what == "child":  # starts one that ignores everything, and waits with it
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        with open(event["file"], "w") as file:
            file.write(str(child.pid))
        child.wait()
    if what == "twice":  # answers itself, and then again
        path = "/invocation/" + headers["Lambda-Runtime-Aws-Request-Id"] + "/response"
        return [call("POST", path, b"1")[0], call("POST", path, b"2")[0]]
    if what == "reconnect":  # the next `next` comes over a new connection, and the old one is left open
        global connection
        do.kept = connection
        connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        return "reconnected"
    return None


def main():
    mode = sys.argv[1] if len(sys.argv) > 1 else ""
    if mode == "init-error":
        print("about to fail", flush=True)
        body = json.dumps({"errorMessage": "no module named x", "errorType": "Runtime.ImportModuleError"})
        call("POST", "/init/error", body, {"Lambda-Runtime-Function-Error-Type": "Runtime.ImportModuleError"})
        sys.exit(1)
    if mode == "init-exit":
        sys.exit(7)
    if mode == "slow-init":
        time.sleep(0.3)
    while True:
        status, headers, body = call("GET", "/invocation/next")
        if status != 200:
            return
        base = "/invocation/" + headers["Lambda-Runtime-Aws-Request-Id"]
        try:
            result = do(json.loads(body), headers)
        except Exception as error:
            document = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": []}
            call("POST", base + "/error", json.dumps(document))
            continue
        call("POST", base + "/response", result if isinstance(result, bytes) else json.dumps(result))


main()
