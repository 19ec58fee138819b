#!/usr/bin/env python3
"""Runs the cases of a conformance corpus that need other services, against stand-ins.

    conformance.py SUITE [--level output] [--report FILE]

SUITE is a folder with run.py and cases/. What a case needs to be there (tables, buckets, objects, queues) is made first, as
its "setup" says; cases that need what no stand-in has are listed with the reason. Not all that fails is Pawl's fault: the
stand-ins answer for themselves, and this says so where it is known.
"""
import argparse
import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import uuid

import boto3

import stand_ins
from workflow import Pawl

SERVICES = ("sqs", "sns", "events", "dynamodb", "s3", "secretsmanager", "aws-sdk:sfn")
TEXTS = {"bytearray": "byte array data"}


def client(service, url, key="test"):
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=key)


def replaced(value, names):
    """The value with its references to what was made; in texts, in keys nothing is replaced."""
    if isinstance(value, dict):
        return {key: replaced(member, names) for key, member in value.items()}
    if isinstance(value, list):
        return [replaced(member, names) for member in value]
    if isinstance(value, str):
        for name, text in names.items():
            value = value.replace("${" + name + "}", text)
    return value


class World:
    """What setups make things in."""

    def __init__(self, recorder, dynalite, s3rver, buckets):
        self.recorder = recorder
        self.buckets = buckets  # a folder: where Maps read
        self.dynamodb = client("dynamodb", dynalite.url)
        self.s3 = client("s3", s3rver.url, "S3RVER")

    def prepare(self, case):
        """The case with what it needs in place; None: something of that is not to be had here."""
        case = copy.deepcopy(case)
        names = {f"uid{number}": uuid.uuid4().hex[:8] for number in range(12)}
        names["ext:bytearray"] = TEXTS["bytearray"]
        for step in case.get("setup", []):
            made = self.make(step["op"], replaced(step["params"][1], names), names)
            if made is None:
                return None
            names.update(made)
        return replaced(case, names)

    def make(self, operation, given, names):
        if operation == "dynamodb_create_table":
            key = given["partition_key"]
            self.dynamodb.create_table(
                TableName=given["table_name"], KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")
            return {}
        if operation == "s3_create_bucket":
            name = f"bucket-{uuid.uuid4().hex[:10]}"
            self.s3.create_bucket(Bucket=name)
            (self.buckets / name).mkdir()
            return {"ext:s3_create_bucket": name}
        if operation == "put_object":
            body = given["Body"] if isinstance(given["Body"], str) else json.dumps(given["Body"].get("$json", given["Body"]))
            self.s3.put_object(Bucket=given["Bucket"], Key=given["Key"], Body=body.encode())
            (self.buckets / given["Bucket"] / given["Key"]).write_bytes(body.encode())
            return {}
        if operation == "sqs_create_queue":
            name = given.get("QueueName", f"queue-{uuid.uuid4().hex[:8]}")
            return {"ext:sqs_create_queue": self.recorder.create_queue({"QueueName": name})["QueueUrl"]}
        if operation == "sns_create_topic":
            name = given.get("Name", f"topic-{uuid.uuid4().hex[:8]}")
            return {"ext:sns_create_topic.TopicArn": f"arn:aws:sns:us-east-1:000000000000:{name}"}
        # What only looks afterwards at what a case has done, or makes rules that no case waits for.
        passive = ("get_object", "get_queue_attributes", "subscribe", "sns_allow_topic_sqs_queue", "sqs_receive_num_messages",
                   "events_create_rule", "receive_message", "put_targets", "set_queue_attributes",
                   "sqs_get_queue_arn")
        return {} if operation in passive else None


def load(suite):
    for path in sorted((suite / "cases").rglob("*.json")):
        if path.name != "INDEX.json":
            yield from json.loads(path.read_text())["cases"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("suite", type=pathlib.Path)
    arguments.add_argument("--level", default="output")
    arguments.add_argument("--report")
    options = arguments.parse_args()
    suite = options.suite.resolve()
    if not stand_ins.npm_packages():
        sys.exit("conformance: npm could not fetch dynalite and s3rver")
    with tempfile.TemporaryDirectory(prefix="pawl-conformance-") as name:
        folder = pathlib.Path(name)
        recorder, dynalite, s3rver = stand_ins.Recorder(), stand_ins.start_dynalite(name), stand_ins.start_s3rver(name)
        try:
            buckets = folder / "buckets"
            buckets.mkdir()
            world = World(recorder, dynalite, s3rver, buckets)
            ready = []
            for case in load(suite):
                if case["kind"] != "integration":
                    continue
                if not set(case["services"]) <= set(SERVICES):
                    print(f"left out: {case['id']}: needs {', '.join(case['services'])}")
                elif not (prepared := world.prepare(case)):
                    print(f"left out: {case['id']}: its setup can not be made here")
                else:
                    ready.append(prepared)
            (folder / "cases").mkdir()
            (folder / "cases" / "ready.json").write_text(json.dumps({"format": 1, "cases": ready}))
            endpoints = folder / "endpoints.json"
            endpoints.write_text(json.dumps(stand_ins.endpoints_document(recorder, dynalite, s3rver=s3rver)))
            functions = folder / "functions.json"
            runner = [sys.executable, str(suite / "run.py")]
            subprocess.run([*runner, "--write-functions", str(functions)], check=True, stdout=subprocess.DEVNULL)
            with Pawl(functions=functions, arguments=["--endpoints", str(endpoints), "--buckets", str(buckets)]) as server:
                command = [*runner, "--endpoint", server.endpoint, "--cases", str(folder / "cases"), "--level", options.level]
                for service in SERVICES:
                    command += ["--services", service]
                if options.report:
                    command += ["--report", os.path.abspath(options.report)]
                sys.exit(subprocess.run(command, check=False).returncode)
        finally:
            s3rver.close()
            dynalite.close()


if __name__ == "__main__":
    main()
