"""The workflows of the crash test. Of each it is known, from a number alone, what must come out and which states it must
have entered how often, whatever happens to the server meanwhile."""
import collections
import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str
    definition: dict
    input: typing.Callable  # (number, folder) -> value
    output: typing.Callable  # (number) -> value
    entered: typing.Callable  # (number) -> {state: times}
    seconds: dict = dataclasses.field(default_factory=dict)  # Wait state -> how long it must have taken at least
    retry_seconds: float = 0.0  # between a task's failure and its next try, at least
    answered_from_outside: bool = False  # somebody has to answer its token
    stopped: bool = False  # somebody stops it, with the error and cause below


STOP_ERROR, STOP_CAUSE = "Stopped", "by the crash test"


def task(function, **more):
    return {"Type": "Task", "Resource": f"arn:aws:lambda:us-east-1:000000000000:function:{function}", **more}


def machine(start, **states):
    return {"StartAt": start, "States": states}


def steps():
    definition = machine(
        "Add",
        Add={"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "Pause"},
        Pause={"Type": "Wait", "Seconds": 1, "Next": "Double"},
        Double=task("double", InputPath="$.n", ResultPath="$.n", Next="IsEven"),
        IsEven={"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 100, "Next": "Large"}], "Default": "Small"},
        Large={"Type": "Pass", "Parameters": {"large.$": "$.n"}, "End": True},
        Small={"Type": "Pass", "Parameters": {"small.$": "$.n"}, "Next": "Done"},
        Done={"Type": "Succeed"},
    )

    def result(number):
        return (number + 1) * 2

    def entered(number):
        tail = ["Large"] if result(number) > 100 else ["Small", "Done"]
        return collections.Counter(["Add", "Pause", "Double", "IsEven", *tail])

    return Workload(
        "steps", definition, lambda number, folder: {"n": number},
        lambda number: {"large": result(number)} if result(number) > 100 else {"small": result(number)}, entered, {"Pause": 1},
    )


def mapping():
    iteration = machine("Double", Double=task("double", Next="Wrap"), Wrap={"Type": "Pass", "Parameters": {"v.$": "$"}, "End": True})
    definition = machine(
        "Each",
        Each={"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 3, "ItemProcessor": iteration, "ResultPath": "$.doubled", "Next": "Pick"},
        Pick={"Type": "Pass", "InputPath": "$.doubled", "End": True},
    )

    def items(number):
        return list(range(number, number + 3 + number % 5))

    return Workload(
        "mapping", definition, lambda number, folder: {"items": items(number)},
        lambda number: [{"v": 2 * item} for item in items(number)],
        lambda number: collections.Counter({"Each": 1, "Double": len(items(number)), "Wrap": len(items(number)), "Pick": 1}),
    )


def branches():
    inner = machine("Keep", Keep={"Type": "Pass", "End": True})
    definition = machine(
        "Fork",
        Fork={
            "Type": "Parallel",
            "Next": "Join",
            "Branches": [
                machine("Sleep", Sleep={"Type": "Wait", "Seconds": 2, "Next": "Awake"}, Awake={"Type": "Pass", "End": True}),
                machine("Double", Double=task("double", InputPath="$.n", End=True)),
                machine("Every", Every={"Type": "Map", "ItemsPath": "$.list", "ItemProcessor": inner, "End": True}),
            ],
        },
        Join={"Type": "Pass", "Parameters": {"slept.$": "$[0].n", "doubled.$": "$[1]", "kept.$": "$[2]"}, "End": True},
    )
    return Workload(
        "branches", definition, lambda number, folder: {"n": number, "list": [number, -number]},
        lambda number: {"slept": number, "doubled": 2 * number, "kept": [number, -number]},
        lambda number: collections.Counter({"Fork": 1, "Sleep": 1, "Awake": 1, "Double": 1, "Every": 1, "Keep": 2, "Join": 1}),
        {"Sleep": 2},
    )


def retrying():
    retry = [{"ErrorEquals": ["Unsteady"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 1000}]
    definition = machine("Try", Try=task("flaky", Retry=retry, End=True))
    return Workload(
        "retrying", definition,
        lambda number, folder: {"value": number, "failures": number % 3, "counter": f"{folder}/calls-{number}"},
        lambda number: 3 * number, lambda number: collections.Counter(["Try"]), retry_seconds=1,
    )


def asking():
    ask = {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "ResultPath": "$.answer", "Next": "Tell",
        "Parameters": {"FunctionName": "keep-token", "Payload": {"file.$": "$.file", "token.$": "$$.Task.Token"}},
    }
    definition = machine("Ask", Ask=ask, Tell={"Type": "Pass", "InputPath": "$.answer", "End": True})
    return Workload(
        "asking", definition, lambda number, folder: {"file": f"{folder}/token-{number}"}, lambda number: 7 * number,
        lambda number: collections.Counter(["Ask", "Tell"]), answered_from_outside=True,
    )


def stopped():
    definition = machine("Begin", Begin={"Type": "Pass", "Next": "Forever"}, Forever={"Type": "Wait", "Seconds": 86400, "End": True})
    return Workload(
        "stopped", definition, lambda number, folder: number, lambda number: None,
        lambda number: collections.Counter(["Begin", "Forever"]), stopped=True,
    )


ALL = [steps(), mapping(), branches(), retrying(), asking(), stopped()]
