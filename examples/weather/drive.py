"""Asks the weather app as a browser does."""
import json
import pathlib
import sys
import threading
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from web import Web  # noqa: E402
from follow import checks  # noqa: E402


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()


def play(api):
    web = Web(api)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{web.server_address[1]}"
    try:
        page = get(base + "/")
        seattle = get(base + "/weather?place=seattle")
        nowhere = get(base + "/weather?place=Atlantis")
    finally:
        web.shutdown()
        web.server_close()
    print(f"  Seattle: {seattle[1]}")
    weather = json.loads(seattle[1])
    return checks("weather", [
        ("the page is served", page[0] == 200 and "<h1>Weather</h1>" in page[1]),
        ("three days for Seattle", seattle[0] == 200 and weather.get("place") == "Seattle" and len(weather.get("days", [])) == 3),
        ("Atlantis is not found", nowhere[0] == 404 and json.loads(nowhere[1]) == {"found": False}),
    ])
