#!/usr/bin/env python3
"""A worker for activities, as a recipe: polls, works with a heartbeat, answers, and survives what goes wrong on the way.

    activity_worker.py ACTIVITY_ARN [--endpoint http://127.0.0.1:8083] [--name worker-1] [--tasks N]

The read timeout must be longer than the longest poll (60 seconds), or the client gives up on polls that are still good.
"""
import argparse
import json
import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

HEARTBEAT_SECONDS = 5


def work(task_input):
    """What this worker is for; put your own here."""
    if "fail" in task_input:
        raise ValueError(task_input["fail"])
    time.sleep(task_input.get("seconds", 0))
    return {**task_input, "done": True}


def beat(client, token, finished):
    """Tells that the task is alive; stops when nobody waits for it any more."""
    while not finished.wait(HEARTBEAT_SECONDS):
        try:
            client.send_task_heartbeat(taskToken=token)
        except ClientError:
            return


def answer(client, token, task_input):
    finished = threading.Event()
    beating = threading.Thread(target=beat, args=(client, token, finished), daemon=True)
    beating.start()
    try:
        output = work(task_input)
    except Exception as problem:  # whatever it is, the workflow decides what to do about it
        client.send_task_failure(taskToken=token, error=type(problem).__name__, cause=str(problem))
    else:
        client.send_task_success(taskToken=token, output=json.dumps(output))
    finally:
        finished.set()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("activity_arn")
    parser.add_argument("--endpoint", default="http://127.0.0.1:8083")
    parser.add_argument("--name", default="worker-1")
    parser.add_argument("--tasks", type=int, default=0, help="end after so many; 0: never")
    options = parser.parse_args()
    client = boto3.client(
        "stepfunctions", endpoint_url=options.endpoint, region_name="us-east-1", aws_access_key_id="test",
        aws_secret_access_key="test", config=Config(read_timeout=70),
    )
    done = 0
    while not options.tasks or done < options.tasks:
        task = client.get_activity_task(activityArn=options.activity_arn, workerName=options.name)
        if not task.get("taskToken"):
            continue  # nothing came in a minute
        try:
            answer(client, task["taskToken"], json.loads(task["input"]))
        except ClientError as late:  # it timed out, or its execution was stopped meanwhile
            print(f"{options.name}: {late}")
        done += 1


if __name__ == "__main__":
    main()
