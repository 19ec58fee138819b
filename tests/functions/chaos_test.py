#!/usr/bin/env python3
"""Functions at their worst: they crash, hang, print megabytes, fork, leak, leave daemons behind, answer twice or late.
Every workflow must end as AWS's rules say, the server's memory must stay bounded, and no process may be left.

    chaos_test.py [ROUNDS]      (default 3)
"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import test_runtimes  # noqa: E402
from test_runtimes import harness  # noqa: E402

MARKER = "pawl_chaos_daemon"
SERVER_LIMIT_MB = 400

CODE = (
    '''
import http.client, os, signal, subprocess, sys, threading, time
MARKER = "'''
    + MARKER
    + '''"
def good(event, context): return event
def crash(event, context): os.kill(os.getpid(), signal.SIGSEGV)
def leave(event, context): os._exit(7)
def hang(event, context): time.sleep(600)
def deaf(event, context):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)
def chatter(event, context):
    line = "x" * 1023 + "\\\\n"
    for _ in range(20 * 1024):
        sys.stdout.write(line)
    return "said"
def fork(event, context):
    for _ in range(20):
        subprocess.Popen(["sh", "-c", "sleep 600; : " + MARKER])
    return "forked"
def daemon(event, context):
    subprocess.Popen(["sh", "-c", "sleep 600; : " + MARKER], start_new_session=True)
    if event == "die":
        os._exit(1)
    return "left one"
def leak(event, context):
    kept = []
    while True:
        kept.append(bytearray(4 * 1024 * 1024))
        time.sleep(0.005)
def big(event, context): return "x" * (7 * 1024 * 1024)
def answer(path, body):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request("POST", "/2018-06-01/runtime/invocation/" + path, body)
    return connection.getresponse().status
def twice(event, context):
    first = answer(context.aws_request_id + "/response", "1")
    second = answer(context.aws_request_id + "/response", "2")
    print("statuses", first, second)
    return 3
last = []
def late(event, context):
    old = [answer(request + "/response", '"late"') for request in last]
    last.append(context.aws_request_id)
    return old
'''
).replace("\\\\n", "\\n")

# What each function's workflow ends with: an output, or an error.
EXPECTED = {
    "good": ("SUCCEEDED", None),
    "crash": ("FAILED", "Runtime.ExitError"),
    "leave": ("FAILED", "Runtime.ExitError"),
    "hang": ("FAILED", "Sandbox.Timedout"),
    "deaf": ("FAILED", "Sandbox.Timedout"),
    "chatter": ("SUCCEEDED", None),
    "fork": ("SUCCEEDED", None),
    "daemon": ("SUCCEEDED", None),
    "leak": ("FAILED", "Runtime.OutOfMemory"),
    "big": ("FAILED", "Function.ResponseSizeTooLarge"),
    "twice": ("SUCCEEDED", None),
    "late": ("SUCCEEDED", None),
}


def resident_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    options = {"timeout_seconds": 60, "max_concurrency": 2, "hot_reload": False}  # enough on a busy machine
    configured = {name: test_runtimes.python(name, **options) for name in EXPECTED}
    configured["hang"]["timeout_seconds"] = configured["deaf"]["timeout_seconds"] = 2
    configured["leak"]["memory_megabytes"] = 96
    functions = test_runtimes.Functions({"py/app.py": CODE}, configured)
    wrong = []
    try:
        for round_number in range(rounds):
            started = [(name, functions.start(name, round_number)) for name in EXPECTED for _ in range(3)]
            started.append(("daemon", functions.start("daemon", "die")))
            for name, arn in started:
                ended = functions.end(arn, 120)
                status, error = EXPECTED[name]
                dies = name == "daemon" and ended["input"] == '"die"'
                if dies:
                    status, error = "FAILED", "Runtime.ExitError"
                if (ended["status"], ended.get("error")) != (status, error):
                    wrong.append(f"{name}: {ended['status']} {ended.get('error')}, expected {status} {error}")
            memory = resident_mb(functions.pawl.process.pid)
            print(f"round {round_number + 1}: {len(started)} workflows ended, server holds {memory} MB")
            if memory > SERVER_LIMIT_MB:
                wrong.append(f"the server holds {memory} MB")
    finally:
        begin = time.monotonic()
        functions.close()
        print(f"stopped in {time.monotonic() - begin:.1f} s")
    left = harness.processes_that_mention(MARKER)
    if left:
        wrong.append(f"processes are left: {left}")
    for line in wrong:
        print("WRONG:", line)
    print("chaos: " + ("FAILED" if wrong else "all as it should be"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
