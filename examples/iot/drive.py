"""Plays twelve devices that send thirty messages: two are too hot, three have a weak battery, one is broken."""
import concurrent.futures
import json
import pathlib
import sys
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from ingest import Ingest  # noqa: E402
from follow import DATA, checks  # noqa: E402


def messages(run):
    for number in range(30):
        message = {"device": f"{run}-sensor-{number % 12}", "number": number, "celsius": 20 + number % 7, "battery": 80}
        if number in (3, 17):
            message["celsius"] = 71
        if number in (5, 11, 23):
            message["battery"] = 9
        if number == 29:
            del message["celsius"]
        yield message


def send(url, message):
    request = urllib.request.Request(url, json.dumps(message).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code


def play(api):
    ingest = Ingest(api)
    threading.Thread(target=ingest.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{ingest.server_address[1]}/messages"
    run = f"r{time.time_ns()}"
    try:
        with concurrent.futures.ThreadPoolExecutor(12) as devices:
            statuses = list(devices.map(lambda message: send(url, message), messages(run)))
        ended = [api.wait_for_end(execution) for execution in ingest.executions]
    finally:
        ingest.shutdown()
        ingest.server_close()
    totals = {}
    for description in ended:
        for name, count in json.loads(description.get("output", "{}")).items():
            totals[name] = totals.get(name, 0) + count
    print(f"  {len(ended)} executions: {totals}")

    def written(action):
        return len(list((DATA / "iot" / action).glob(f"{run}_*.json")))

    return checks("iot", [
        ("every message is taken", statuses == [202] * 30),
        ("the rules find what they should", totals == {"messages": 30, "alarms": 2, "services": 3, "unreadable": 1}),
        ("messages that come together are one execution", 1 <= len(ended) < 30),
        ("each action is taken once", (written("alarm"), written("service")) == (2, 3)),
    ])
