"""What the cases of cases.py are about: machines, executions, tokens and Map Runs in every condition that an error needs.

`build` makes them in a server and gives their ARNs and tokens by the names that cases use as `${name}`.
"""
import json

from harness import ROLE, eventually

ACCOUNT = "arn:aws:states:us-east-1:000000000000:"
PASS = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": True}}})
OTHER = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 2, "End": True}}})
FAIL = json.dumps({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Broken", "Cause": "on purpose"}}})
WAIT = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}}
TOKENS = ("succeeds", "fails", "beats", "answered")


def mapped(processor, **more):
    state = {"Type": "Map", "Label": "Each", "End": True, "MaxConcurrency": 2,
             "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **processor}, **more}
    return {"StartAt": "M", "States": {"M": state}}


class Builder:
    def __init__(self, api):
        self.api = api
        self.made = {"role": ROLE, "pass": PASS, "other": OTHER, "nowhere": ACCOUNT + "stateMachine:nowhere",
                     "log-group": "arn:aws:logs:us-east-1:000000000000:log-group:/pawl/test:*"}

    def machine(self, name, definition, **more):
        self.made[name] = self.api.create(name, definition, **more)
        return self.made[name]

    def start(self, name, machine, value="{}"):
        self.made[name] = self.api.call("StartExecution", stateMachineArn=machine, name=name, input=value)["executionArn"]
        return self.made[name]

    def ended(self, name, machine):
        arn = self.start(name, machine)
        self.api.wait_for_end(arn)
        return arn

    def machines(self):
        self.machine("standard", PASS, publish=True, tags=[{"key": "team", "value": "red"}])
        self.machine("express", PASS, type="EXPRESS")
        self.machine("to-update", PASS, publish=True)
        self.machine("to-delete", PASS)
        for version in (2, 3):
            definition = json.dumps({**json.loads(PASS), "Comment": str(version)})
            self.api.call("UpdateStateMachine", stateMachineArn=self.made["standard"], definition=definition, publish=True)
        self.made["definition"] = definition
        for name in ("live", "to-change", "to-remove"):
            route = {"stateMachineVersionArn": self.made["standard"] + ":1", "weight": 100}
            made = self.api.call("CreateStateMachineAlias", name=name, routingConfiguration=[route])
            self.made["alias-" + name] = made["stateMachineAliasArn"]

    def machines_that_go(self):
        """Deleted while an execution waits in them, so they stay DELETING."""
        for name, kind in (("going", "STANDARD"), ("going-express", "EXPRESS")):
            arn = self.machine(name, WAIT if kind == "STANDARD" else {**WAIT, "Comment": "express"}, type=kind, publish=True)
            if kind == "STANDARD":
                route = {"stateMachineVersionArn": arn + ":1", "weight": 100}
                self.api.call("CreateStateMachineAlias", name="live", routingConfiguration=[route])
            self.api.call("StartExecution", stateMachineArn=arn)
            self.api.call("DeleteStateMachine", stateMachineArn=arn)

    def executions(self):
        self.ended("done", self.made["standard"])
        waits = self.machine("waits", WAIT)
        self.start("running", waits)
        self.start("to-stop", waits)
        fails = self.machine("fails-always", FAIL)
        self.ended("to-redrive", fails)

    def map_runs(self):
        items = {"Items": [1, 2], "QueryLanguage": "JSONata"}
        quick = self.ended("mapped", self.machine("maps", mapped(json.loads(PASS), **items)))
        slow = self.start("mapping", self.machine("maps-slowly", mapped(WAIT, **items)))
        for name, arn in (("map-run", quick), ("map-run-going", slow)):
            list_of = lambda: self.api.call("ListMapRuns", executionArn=arn)["mapRuns"]
            self.made[name] = eventually(list_of, 10, "the Map Run")[0]["mapRunArn"]
        going = self.made["map-run-going"]
        eventually(lambda: len(self.api.call("ListExecutions", mapRunArn=going)["executions"]) == 2, 10, "two items to run")

    def activities(self):
        arn = self.made["activity"] = self.api.call("CreateActivity", name="work")["activityArn"]
        self.made["activity-to-delete"] = self.api.call("CreateActivity", name="to-delete")["activityArn"]
        self.api.call("CreateActivity", name="encrypted", encryptionConfiguration={"type": "AWS_OWNED_KEY"})
        task = {"Type": "Task", "Resource": arn, "End": True}
        machine = self.machine("works", {"StartAt": "T", "States": {"T": task}})
        for name in TOKENS:
            self.start("task-" + name, machine)
            self.made["token-" + name] = self.api.call("GetActivityTask", activityArn=arn)["taskToken"]
        self.api.call("SendTaskSuccess", taskToken=self.made["token-answered"], output="1")
        self.api.wait_for_end(self.made["task-answered"])
        self.start("task-queued", machine, '{"n": 1}')

    def quotas(self):
        """As many versions, aliases and tags as AWS allows."""
        many = [{"key": f"k{i}", "value": "v"} for i in range(50)]
        arn = self.machine("crowded", PASS, publish=True, tags=many)
        route = {"stateMachineVersionArn": arn + ":1", "weight": 100}
        for number in range(100):
            self.api.call("CreateStateMachineAlias", name=f"a{number}", routingConfiguration=[route])
        for number in range(2, 1001):
            text = json.dumps({**json.loads(PASS), "Comment": str(number)})
            self.api.call("UpdateStateMachine", stateMachineArn=arn, definition=text, publish=True)
        self.api.call("UpdateStateMachine", stateMachineArn=arn, definition=OTHER)


def build(api, quotas=True):
    builder = Builder(api)
    for part in (builder.machines, builder.machines_that_go, builder.executions, builder.map_runs, builder.activities):
        part()
    if quotas:
        builder.quotas()
    return builder.made
