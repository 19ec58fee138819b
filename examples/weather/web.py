#!/usr/bin/env python3
"""The web side: a page, and /weather?place=…, which runs the workflow while the browser waits.

    web.py [--endpoint http://127.0.0.1:8083] [--port 8090]
"""
import argparse
import http.server
import json
import pathlib
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from follow import Api  # noqa: E402


class Web(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.api = api
        self.machine = api.create_or_update("weather", (HERE / "weather.asl.json").read_text(encoding="utf-8"), "EXPRESS")


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/":
            return self.send(200, (HERE / "index.html").read_bytes(), "text/html; charset=utf-8")
        if url.path != "/weather":
            return self.send(404, b'{"error": "there are / and /weather?place=NAME"}')
        place = dict(urllib.parse.parse_qsl(url.query)).get("place", "")
        ended = self.server.api.run_now(self.server.machine, {"place": place})
        if ended["status"] != "SUCCEEDED":
            return self.send(502, json.dumps({"error": ended.get("error")}).encode())
        weather = json.loads(ended["output"])
        return self.send(200 if weather["found"] else 404, json.dumps(weather).encode())

    def send(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--endpoint", default="http://127.0.0.1:8083")
    arguments.add_argument("--port", type=int, default=8090)
    options = arguments.parse_args()
    web = Web(Api(options.endpoint), options.port)
    print(f"http://127.0.0.1:{options.port}/")
    try:
        web.serve_forever()
    except KeyboardInterrupt:
        pass
