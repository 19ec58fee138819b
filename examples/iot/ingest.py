#!/usr/bin/env python3
"""Where devices send their messages: POST /messages with one JSON object. What comes within a moment is one execution.

    ingest.py [--endpoint http://127.0.0.1:8083] [--port 8091]

A device hears 202 when the execution that holds its message is stored: from then on no crash loses it. What it sends
again because it did not hear so is worked on again; actions are named by device and message, so they are taken once.
"""
import argparse
import http.server
import json
import pathlib
import queue
import sys
import threading
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from follow import Api  # noqa: E402

GATHER_SECONDS = 0.2
MOST_AT_ONCE = 100
BODY_LIMIT = 4096


class Ingest(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, api, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.api = api
        self.machine = api.create_or_update("iot", (HERE / "iot.asl.json").read_text(encoding="utf-8"))
        self.executions = []
        self.arrived = queue.Queue(maxsize=10_000)
        threading.Thread(target=self.gather, daemon=True).start()

    def gather(self):
        while True:
            batch = [self.arrived.get()]
            try:
                while len(batch) < MOST_AT_ONCE:
                    batch.append(self.arrived.get(timeout=GATHER_SECONDS))
            except queue.Empty:
                pass
            try:
                messages = [message for message, _ in batch]
                self.executions.append(self.api.start_once(self.machine, f"messages-{uuid.uuid4()}", {"messages": messages}))
                status = 202
            except Exception as error:  # the devices hear of it and send again
                print(f"ingest: {error}", file=sys.stderr)
                status = 503
            for _, answer in batch:
                answer.put(status)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/messages" or length > BODY_LIMIT:
            self.close_connection = True
            return self.send(404 if self.path != "/messages" else 413)
        try:
            message = json.loads(self.rfile.read(length))
        except ValueError:
            return self.send(400)
        answer = queue.Queue()
        self.server.arrived.put((message, answer))
        return self.send(answer.get())

    def send(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--endpoint", default="http://127.0.0.1:8083")
    arguments.add_argument("--port", type=int, default=8091)
    options = arguments.parse_args()
    print(f"POST http://127.0.0.1:{options.port}/messages")
    try:
        Ingest(Api(options.endpoint), options.port).serve_forever()
    except KeyboardInterrupt:
        pass
