"""Sends the cases of a file by boto3: python3 operations_boto3.py ENDPOINT CASES.json. Says what failed, and how many did.

For any version of boto3; the API model beside this file knows the operations that an old one does not.
"""
import json
import os
import pathlib
import re
import sys

os.environ["AWS_DATA_PATH"] = str(pathlib.Path(__file__).resolve().parent / "model")
import boto3  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402


def problem(client, case):
    """What is not as the case says, or None."""
    method = getattr(client, re.sub(r"(?<!^)([A-Z])", r"_\1", case["operation"]).lower())
    try:
        answer, error = method(**case["input"]), None
    except ClientError as raised:
        answer, error = raised.response, raised
    if case["error"] is None and error:
        return f"raised {error!r}"
    if case["error"]:
        if error is None:
            return f"was to raise {case['error']}, but gave {answer}"
        if not isinstance(error, getattr(client.exceptions, case["error"])):
            return f"was to raise {case['error']}, but raised {error!r}"
        if answer["ResponseMetadata"]["HTTPStatusCode"] != 400 or not answer["Error"]["Message"]:
            return f"is an error without status 400 or without a message: {answer}"
    wrong = {name: answer.get(name) for name, value in case["gives"].items() if answer.get(name) != value}
    return f"gave {wrong} instead of {case['gives']}" if wrong else None


def main(endpoint, file):
    cases = json.loads(pathlib.Path(file).read_text())
    # inject_host_prefix: StartSyncExecution and TestState would go to sync-127.0.0.1.
    config = Config(inject_host_prefix=False, retries={"max_attempts": 0})
    client = boto3.client("stepfunctions", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test",
                          aws_secret_access_key="test", config=config)
    problems = [(case, problem(client, case)) for case in cases]
    failed = [f"{case['operation']} ({case['error'] or 'success'}): {what}" for case, what in problems if what]
    print(*failed, sep="\n")
    print(f"{len(cases) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
