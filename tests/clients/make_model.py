#!/usr/bin/env python3
"""Writes model/stepfunctions/2016-11-23/service-2.json: the published API model of Step Functions, without its documentation.

    python3 tests/clients/make_model.py

The source is the data of botocore (Apache License 2.0) as this Python has it installed; take the newest there is. Clients that
are older than some operation read the model by AWS_DATA_PATH, so that every one of them can be asked for all operations.
"""
import gzip
import json
import pathlib

SERVICE = pathlib.Path("stepfunctions") / "2016-11-23"
FOLDER = pathlib.Path(__file__).resolve().parent / "model"
FILE = FOLDER / SERVICE / "service-2.json"


def installed():
    """The model that this Python's botocore has, without documentation."""
    import botocore
    folder = pathlib.Path(botocore.__file__).parent / "data" / SERVICE
    path = next(folder.glob("service-2.json*"))
    return without_documentation(json.loads(gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()))


def without_documentation(part):
    if isinstance(part, dict):
        return {key: without_documentation(value) for key, value in part.items() if key != "documentation"}
    return [without_documentation(value) for value in part] if isinstance(part, list) else part


def read():
    return json.loads(FILE.read_text())


def errors_of(model):
    """The names of the errors of each operation."""
    return {name: {error["shape"] for error in operation.get("errors", [])} for name, operation in model["operations"].items()}


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(installed(), separators=(",", ":")) + "\n")
