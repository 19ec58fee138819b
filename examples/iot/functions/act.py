"""Takes the action that a rule has chosen: writes it down for whoever rings the bell or sends the engineer.

Each action has a file of its own, named by device and message, so that a second run writes the same one again.
"""
import json
import os
import pathlib

DATA = pathlib.Path(os.environ.get("PAWL_EXAMPLES_DATA") or pathlib.Path(__file__).resolve().parents[3] / "build" / "examples")


def handler(event, context):
    message = event["message"]
    folder = DATA / "iot" / event["action"]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{safe(message['device'])}-{safe(str(message['number']))}.json"
    draft = path.with_suffix(f".{os.getpid()}.part")
    draft.write_text(json.dumps(message), encoding="utf-8")
    os.replace(draft, path)
    return {"written": str(path)}


def safe(text):
    return "".join(c if c.isalnum() else "_" for c in text)
