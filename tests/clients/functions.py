"""Functions for the client tests: each name in the functions file is one function here."""
import os
import pathlib
import time


def echo(event, context):
    return event


def fail(event, context):
    """Raises an error of the class named by the event."""
    raise type(event["error"], (Exception,), {})(event["message"])


def sleep(event, context):
    time.sleep(event["seconds"])
    return event


def flaky(event, context):
    """Fails as often as the event says; counts in a file, since any process may be asked."""
    with open(event["counter"], "ab") as file:
        file.write(b"x")
        calls = file.tell()
    if calls <= event["failures"]:
        raise RuntimeError(f"call {calls}")
    return {"calls": calls}


def keep_token(event, context):
    """Leaves the task token in a file for whoever is to answer."""
    path = pathlib.Path(event["file"])
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(event["token"])
    draft.rename(path)
