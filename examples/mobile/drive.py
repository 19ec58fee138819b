"""Calls the mobile back end as an app does: signed in, signed in as a reader, with a forged and with an old token."""
import json
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "functions"))
import tokens  # noqa: E402
from follow import checks  # noqa: E402


def play(api):
    machine = api.create_or_update("mobile", (HERE / "mobile.asl.json").read_text(encoding="utf-8"), "EXPRESS")
    user = f"ann-{time.time_ns()}"

    def call(token, action, note=None, key=None):
        answer = api.run_now(machine, {"token": token, "action": action, "note": note, "id": key})
        return json.loads(answer["output"]) if answer["status"] == "SUCCEEDED" else {"status": 500, "body": answer}

    ann = tokens.make(user)
    first = call(ann, "add", "buy milk", "n1")
    again = call(ann, "add", "buy milk", "n1")
    listed = call(ann, "list")
    other = call(tokens.make(user + "-other"), "list")
    reader = call(tokens.make(user, scope="read"), "add", "no", "n2")
    forged = call(tokens.make(user, key=b"guessed"), "list")
    old = call(tokens.make(user, seconds=-1), "list")
    print(f"  {user}: {json.dumps(listed)}")
    return checks("mobile", [
        ("a note is kept", first["status"] == 200 and listed["body"] == {"notes": [{"id": "n1", "note": "buy milk"}]}),
        ("a repeated call writes once", again["body"] == first["body"]),
        ("others do not see it", other["body"] == {"notes": []}),
        ("who may only read can not write", reader["status"] == 403),
        ("a forged token is refused", forged["status"] == 401),
        ("an old token is refused", old["status"] == 401),
    ])
