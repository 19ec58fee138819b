"""One request for each success and each error of each operation of Step Functions, as data for every client.

`${name}` stands for what world.py made under that name. Every error that the published model gives an operation has a request
here, or the reason why it cannot come from Pawl.
"""
import dataclasses
import re

from world import ACCOUNT

NONSENSE = "nonsense"
TOO_MANY_TAGS = [{"key": f"key{i}", "value": ""} for i in range(51)]
LONG_ARN = ACCOUNT + "stateMachine:" + "x" * 300
BAD_DEFINITION = '{"StartAt": "Nowhere", "States": {"A": {"Type": "Succeed"}}}'
CUSTOMER_KEY = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "key"}
LOGS_NOWHERE = {"level": "ALL"}
ACTIVITY, MACHINE = ACCOUNT + "activity:", ACCOUNT + "stateMachine:"

NO_KEYS = "customer managed keys are refused when they are given (InvalidEncryptionConfiguration): none is ever used"
NO_LIMIT = "machines, activities and open executions are not limited in number"
CONFLICTS = "changes of machines happen one after the other, so that none is in conflict"
TYPED = "the members' types and enums leave no other value: ValidationException or SerializationException comes first"
NOT_KEPT = "executions are never forgotten, so that a token that is genuine always has its task"


@dataclasses.dataclass(frozen=True)
class Case:
    input: dict
    gives: dict = dataclasses.field(default_factory=dict)  # members of the answer, or of the error


@dataclasses.dataclass(frozen=True)
class Never:
    """An error that no request here can cause, and why."""
    reason: str


@dataclasses.dataclass(frozen=True)
class Operation:
    success: Case
    errors: dict


def create(**more):
    return {"name": "new", "definition": "${pass}", "roleArn": "${role}", **more}


def route(version="${standard}:1", weight=100):
    return {"stateMachineVersionArn": version, "weight": weight}


def listed(**more):
    return {"nextToken": "garbage", **more}


KMS = {name: Never(NO_KEYS) for name in ("KmsAccessDeniedException", "KmsInvalidStateException", "KmsThrottlingException")}
LABELED = {"reason": "API_DOES_NOT_SUPPORT_LABELED_ARNS"}
ALIAS_GONE = {"stateMachineAliasArn": "${standard}:nobody"}
WRONG_ROUTES = {"reason": "INVALID_ROUTING_CONFIGURATION"}

MACHINES = {
    "CreateStateMachine": Operation(
        Case(create(name="made", publish=True, versionDescription="first", tags=[{"key": "k", "value": "v"}]),
             {"stateMachineArn": MACHINE + "made", "stateMachineVersionArn": MACHINE + "made:1"}),
        {
            "InvalidArn": Case(create(roleArn=NONSENSE)),
            "InvalidDefinition": Case(create(definition=BAD_DEFINITION)),
            "InvalidName": Case(create(name="a b")),
            "InvalidLoggingConfiguration": Case(create(loggingConfiguration=LOGS_NOWHERE)),
            "InvalidTracingConfiguration": Never(TYPED),
            "InvalidEncryptionConfiguration": Case(create(encryptionConfiguration=CUSTOMER_KEY)),
            "StateMachineAlreadyExists": Case(create(name="standard", definition="${other}")),
            "StateMachineDeleting": Case(create(name="going")),
            "StateMachineLimitExceeded": Never(NO_LIMIT),
            "StateMachineTypeNotSupported": Never(TYPED),
            "TooManyTags": Case(create(tags=TOO_MANY_TAGS), {"resourceName": MACHINE + "new"}),
            "ValidationException": Case(create(versionDescription="but not published")),
            "ConflictException": Never(CONFLICTS),
            "KmsAccessDeniedException": Never(NO_KEYS), "KmsThrottlingException": Never(NO_KEYS),
        }),
    "UpdateStateMachine": Operation(
        Case({"stateMachineArn": "${to-update}", "definition": "${other}", "publish": True, "versionDescription": "second"},
             {"stateMachineVersionArn": "${to-update}:2"}),
        {
            "InvalidArn": Case({"stateMachineArn": NONSENSE, "definition": "${pass}"}),
            "InvalidDefinition": Case({"stateMachineArn": "${to-update}", "definition": BAD_DEFINITION}),
            "InvalidLoggingConfiguration": Case({"stateMachineArn": "${to-update}", "loggingConfiguration": LOGS_NOWHERE}),
            "InvalidTracingConfiguration": Never(TYPED),
            "InvalidEncryptionConfiguration": Case({"stateMachineArn": "${to-update}", "encryptionConfiguration": CUSTOMER_KEY}),
            "MissingRequiredParameter": Case({"stateMachineArn": "${to-update}"}),
            "StateMachineDeleting": Case({"stateMachineArn": "${going}", "definition": "${pass}"}),
            "StateMachineDoesNotExist": Case({"stateMachineArn": "${nowhere}", "definition": "${pass}"}),
            "ServiceQuotaExceededException": Case({"stateMachineArn": "${crowded}", "definition": "${definition}", "publish": True}),
            "ConflictException": Never(CONFLICTS),
            "ValidationException": Case({"stateMachineArn": "${standard}/label", "definition": "${pass}"}, LABELED),
            "KmsAccessDeniedException": Never(NO_KEYS), "KmsThrottlingException": Never(NO_KEYS),
        }),
    "DeleteStateMachine": Operation(
        Case({"stateMachineArn": "${to-delete}"}),
        {"InvalidArn": Case({"stateMachineArn": NONSENSE}), "ValidationException": Case({"stateMachineArn": "${standard}/label"}, LABELED)}),
    "DescribeStateMachine": Operation(
        Case({"stateMachineArn": "${standard}"}, {"name": "standard", "status": "ACTIVE", "type": "STANDARD", "definition": "${definition}"}),
        {"InvalidArn": Case({"stateMachineArn": NONSENSE}), "StateMachineDoesNotExist": Case({"stateMachineArn": "${nowhere}"}), **KMS}),
    "DescribeStateMachineForExecution": Operation(
        Case({"executionArn": "${running}"}, {"stateMachineArn": "${waits}", "name": "waits"}),
        {"InvalidArn": Case({"executionArn": NONSENSE}), "ExecutionDoesNotExist": Case({"executionArn": "${running}x"}), **KMS}),
    "ListStateMachines": Operation(Case({"maxResults": 1}), {"InvalidToken": Case(listed())}),
    "ValidateStateMachineDefinition": Operation(
        Case({"definition": "${pass}", "type": "EXPRESS"}, {"result": "OK", "diagnostics": []}),
        {"ValidationException": Case({"definition": "${pass}", "type": "FAST"})}),
    "TestState": Operation(
        Case({"definition": '{"Type": "Pass", "Next": "B"}', "roleArn": "${role}", "input": "[1]"},
             {"status": "SUCCEEDED", "output": "[1]", "nextState": "B"}),
        {
            "InvalidArn": Case({"definition": '{"Type": "Pass", "End": true}', "roleArn": NONSENSE}),
            "InvalidDefinition": Case({"definition": '{"Type": "Nothing"}', "roleArn": "${role}"}),
            "InvalidExecutionInput": Case({"definition": '{"Type": "Pass", "End": true}', "roleArn": "${role}", "input": "{"}),
            "ValidationException": Case({"definition": '{"Type": "Pass", "End": true}', "mock": {}}),
        }),
    "TagResource": Operation(
        Case({"resourceArn": "${to-update}", "tags": [{"key": "a", "value": "b"}]}),
        {
            "InvalidArn": Case({"resourceArn": NONSENSE, "tags": []}),
            "ResourceNotFound": Case({"resourceArn": "${nowhere}", "tags": []}, {"resourceName": "${nowhere}"}),
            "TooManyTags": Case({"resourceArn": "${crowded}", "tags": [{"key": "one more", "value": ""}]}, {"resourceName": "${crowded}"}),
        }),
    "UntagResource": Operation(
        Case({"resourceArn": "${to-update}", "tagKeys": ["a"]}),
        {"InvalidArn": Case({"resourceArn": NONSENSE, "tagKeys": []}),
         "ResourceNotFound": Case({"resourceArn": "${nowhere}", "tagKeys": []}, {"resourceName": "${nowhere}"})}),
    "ListTagsForResource": Operation(
        Case({"resourceArn": "${standard}"}, {"tags": [{"key": "team", "value": "red"}]}),
        {"InvalidArn": Case({"resourceArn": NONSENSE}),
         "ResourceNotFound": Case({"resourceArn": "${nowhere}"}, {"resourceName": "${nowhere}"})}),
}

VERSIONS = {
    "PublishStateMachineVersion": Operation(
        Case({"stateMachineArn": "${fails-always}", "revisionId": "INITIAL", "description": "one"}, {"stateMachineVersionArn": "${fails-always}:1"}),
        {
            "ValidationException": Case({"stateMachineArn": "${standard}/label"}, LABELED),
            "StateMachineDeleting": Case({"stateMachineArn": "${going}"}),
            "StateMachineDoesNotExist": Case({"stateMachineArn": "${nowhere}"}),
            "ServiceQuotaExceededException": Case({"stateMachineArn": "${crowded}"}),
            "ConflictException": Case({"stateMachineArn": "${standard}", "revisionId": "another"}),
            "InvalidArn": Case({"stateMachineArn": NONSENSE}),
        }),
    "DeleteStateMachineVersion": Operation(
        Case({"stateMachineVersionArn": "${standard}:3"}),
        {
            "ValidationException": Case({"stateMachineVersionArn": "${standard}"}),
            "InvalidArn": Case({"stateMachineVersionArn": NONSENSE}),
            "ConflictException": Case({"stateMachineVersionArn": "${standard}:1"}),
        }),
    "ListStateMachineVersions": Operation(
        Case({"stateMachineArn": "${standard}", "maxResults": 1}),
        {
            "ValidationException": Case({"stateMachineArn": "${standard}", "maxResults": 1001}),
            "InvalidArn": Case({"stateMachineArn": NONSENSE}),
            "InvalidToken": Case(listed(stateMachineArn="${standard}")),
        }),
    "CreateStateMachineAlias": Operation(
        Case({"name": "made", "description": "d", "routingConfiguration": [route(weight=50), route("${standard}:2", 50)]},
             {"stateMachineAliasArn": "${standard}:made"}),
        {
            "InvalidArn": Case({"name": "new", "routingConfiguration": [route(NONSENSE)]}),
            "InvalidName": Never("the pattern of the member refuses each such name first, as ValidationException"),
            "ValidationException": Case({"name": "new", "routingConfiguration": [route(weight=99)]}, WRONG_ROUTES),
            "StateMachineDeleting": Case({"name": "new", "routingConfiguration": [route("${going}:1")]}),
            "ResourceNotFound": Case({"name": "new", "routingConfiguration": [route("${standard}:9")]}, {"resourceName": "${standard}:9"}),
            "ConflictException": Case({"name": "live", "description": "another", "routingConfiguration": [route()]}),
            "ServiceQuotaExceededException": Case({"name": "new", "routingConfiguration": [route("${crowded}:1")]}),
        }),
    "UpdateStateMachineAlias": Operation(
        Case({"stateMachineAliasArn": "${alias-to-change}", "description": "changed"}),
        {
            "ValidationException": Case({"stateMachineAliasArn": "${alias-to-change}"}, {"reason": "MISSING_REQUIRED_PARAMETER"}),
            "InvalidArn": Case({"stateMachineAliasArn": NONSENSE, "description": "x"}),
            "ResourceNotFound": Case({**ALIAS_GONE, "description": "x"}, {"resourceName": "${standard}:nobody"}),
            "ConflictException": Never(CONFLICTS),
            "StateMachineDeleting": Case({"stateMachineAliasArn": "${going}:live", "description": "x"}),
        }),
    "DescribeStateMachineAlias": Operation(
        Case({"stateMachineAliasArn": "${alias-live}"}, {"name": "live", "routingConfiguration": [route()]}),
        {
            "ValidationException": Case({"stateMachineAliasArn": "${standard}"}),
            "InvalidArn": Case({"stateMachineAliasArn": NONSENSE}),
            "ResourceNotFound": Case(ALIAS_GONE, {"resourceName": "${standard}:nobody"}),
        }),
    "DeleteStateMachineAlias": Operation(
        Case({"stateMachineAliasArn": "${alias-to-remove}"}),
        {
            "ValidationException": Case({"stateMachineAliasArn": "${standard}"}),
            "InvalidArn": Case({"stateMachineAliasArn": NONSENSE}),
            "ResourceNotFound": Never("deleting what is not there succeeds, as it does for versions and machines"),
            "ConflictException": Never(CONFLICTS),
        }),
    "ListStateMachineAliases": Operation(
        Case({"stateMachineArn": "${standard}", "maxResults": 1}),
        {
            "InvalidArn": Case({"stateMachineArn": NONSENSE}),
            "InvalidToken": Case(listed(stateMachineArn="${standard}")),
            "ResourceNotFound": Never("a machine or version that is not there is StateMachineDoesNotExist"),
            "StateMachineDoesNotExist": Case({"stateMachineArn": "${nowhere}"}),
            "StateMachineDeleting": Case({"stateMachineArn": "${going}"}),
        }),
}

EXECUTIONS = {
    "StartExecution": Operation(
        Case({"stateMachineArn": "${standard}", "name": "made", "input": '{"a": "ü"}'}, {"executionArn": ACCOUNT + "execution:standard:made"}),
        {
            "ExecutionLimitExceeded": Never(NO_LIMIT),
            "ExecutionAlreadyExists": Case({"stateMachineArn": "${waits}", "name": "running", "input": "[1]"}),
            "InvalidArn": Case({"stateMachineArn": NONSENSE}),
            "InvalidExecutionInput": Case({"stateMachineArn": "${standard}", "input": "{"}),
            "InvalidName": Case({"stateMachineArn": "${standard}", "name": "a*b"}),
            "StateMachineDoesNotExist": Case({"stateMachineArn": "${nowhere}"}),
            "StateMachineDeleting": Case({"stateMachineArn": "${going}"}),
            "ValidationException": Case({"stateMachineArn": LONG_ARN}),
            **KMS,
        }),
    "StartSyncExecution": Operation(
        Case({"stateMachineArn": "${express}", "name": "made", "input": "[1]"}, {"status": "SUCCEEDED", "output": "1", "input": "[1]", "name": "made"}),
        {
            "InvalidArn": Case({"stateMachineArn": NONSENSE}),
            "InvalidExecutionInput": Case({"stateMachineArn": "${express}", "input": "{"}),
            "InvalidName": Case({"stateMachineArn": "${express}", "name": "a*b"}),
            "StateMachineDoesNotExist": Case({"stateMachineArn": "${nowhere}"}),
            "StateMachineDeleting": Case({"stateMachineArn": "${going-express}"}),
            "StateMachineTypeNotSupported": Case({"stateMachineArn": "${standard}"}),
            **KMS,
        }),
    "StopExecution": Operation(
        Case({"executionArn": "${to-stop}", "error": "Enough", "cause": "it is late"}),
        {
            "ExecutionDoesNotExist": Case({"executionArn": "${running}x"}),
            "InvalidArn": Case({"executionArn": NONSENSE}),
            "ValidationException": Case({"executionArn": "${running}", "error": "x" * 257}),
            "KmsAccessDeniedException": Never(NO_KEYS), "KmsInvalidStateException": Never(NO_KEYS),
            "KmsThrottlingException": Never(NO_KEYS),
        }),
    "RedriveExecution": Operation(
        Case({"executionArn": "${to-redrive}", "clientToken": "once"}),
        {
            "ExecutionDoesNotExist": Case({"executionArn": "${running}x"}),
            "ExecutionNotRedrivable": Case({"executionArn": "${done}"}),
            "ExecutionLimitExceeded": Never(NO_LIMIT),
            "InvalidArn": Case({"executionArn": NONSENSE}),
            "ValidationException": Case({"executionArn": "${done}", "clientToken": "x" * 65}),
        }),
    "DescribeExecution": Operation(
        Case({"executionArn": "${done}"}, {"status": "SUCCEEDED", "output": "1", "name": "done", "stateMachineArn": "${standard}"}),
        {"ExecutionDoesNotExist": Case({"executionArn": "${done}x"}), "InvalidArn": Case({"executionArn": NONSENSE}), **KMS}),
    "ListExecutions": Operation(
        Case({"stateMachineArn": "${waits}", "statusFilter": "RUNNING", "maxResults": 1}),
        {
            "InvalidArn": Case({"stateMachineArn": NONSENSE}),
            "InvalidToken": Case(listed(stateMachineArn="${waits}")),
            "StateMachineDoesNotExist": Case({"stateMachineArn": "${nowhere}"}),
            "StateMachineTypeNotSupported": Case({"stateMachineArn": "${express}"}),
            "ValidationException": Case({"stateMachineArn": "${waits}", "statusFilter": "FINE"}),
            "ResourceNotFound": Case({"mapRunArn": "${map-run}x"}),
        }),
    "GetExecutionHistory": Operation(
        Case({"executionArn": "${done}", "reverseOrder": True, "maxResults": 2}),
        {
            "ExecutionDoesNotExist": Case({"executionArn": "${done}x"}),
            "InvalidArn": Case({"executionArn": NONSENSE}),
            "InvalidToken": Case(listed(executionArn="${done}")),
            **KMS,
        }),
}

TASKS = {
    "CreateActivity": Operation(
        Case({"name": "made", "tags": [{"key": "k", "value": "v"}]}, {"activityArn": ACTIVITY + "made"}),
        {
            "ActivityLimitExceeded": Never(NO_LIMIT),
            "ActivityAlreadyExists": Never("a name that is taken is answered with the activity that has it; another encryption, "
                                           "which is what AWS compares, needs customer managed keys"),
            "InvalidName": Case({"name": "a b"}),
            "TooManyTags": Case({"name": "new", "tags": TOO_MANY_TAGS}, {"resourceName": ACTIVITY + "new"}),
            "InvalidEncryptionConfiguration": Case({"name": "new", "encryptionConfiguration": CUSTOMER_KEY}),
            "KmsAccessDeniedException": Never(NO_KEYS), "KmsThrottlingException": Never(NO_KEYS),
        }),
    "DescribeActivity": Operation(
        Case({"activityArn": "${activity}"}, {"name": "work"}),
        {"ActivityDoesNotExist": Case({"activityArn": "${activity}x"}), "InvalidArn": Case({"activityArn": NONSENSE})}),
    "DeleteActivity": Operation(Case({"activityArn": "${activity-to-delete}"}), {"InvalidArn": Case({"activityArn": NONSENSE})}),
    "ListActivities": Operation(Case({"maxResults": 1}), {"InvalidToken": Case(listed())}),
    "GetActivityTask": Operation(
        Case({"activityArn": "${activity}", "workerName": "tests"}, {"input": '{"n": 1}'}),
        {
            "ActivityDoesNotExist": Case({"activityArn": "${activity}x"}),
            "ActivityWorkerLimitExceeded": Never("takes 50,000 polls that wait; tests/orchestrator has it"),
            "InvalidArn": Case({"activityArn": NONSENSE}),
            **KMS,
        }),
    "SendTaskSuccess": Operation(
        Case({"taskToken": "${token-succeeds}", "output": '{"ok": true}'}),
        {
            "TaskDoesNotExist": Never(NOT_KEPT),
            "InvalidOutput": Case({"taskToken": "${token-beats}", "output": "{"}),
            "InvalidToken": Case({"taskToken": NONSENSE, "output": "1"}),
            "TaskTimedOut": Case({"taskToken": "${token-answered}", "output": "1"}),
            **KMS,
        }),
    "SendTaskFailure": Operation(
        Case({"taskToken": "${token-fails}", "error": "No", "cause": "because"}),
        {
            "TaskDoesNotExist": Never(NOT_KEPT),
            "InvalidToken": Case({"taskToken": NONSENSE}),
            "TaskTimedOut": Case({"taskToken": "${token-answered}"}),
            **KMS,
        }),
    "SendTaskHeartbeat": Operation(
        Case({"taskToken": "${token-beats}"}),
        {
            "TaskDoesNotExist": Never(NOT_KEPT),
            "InvalidToken": Case({"taskToken": NONSENSE}),
            "TaskTimedOut": Case({"taskToken": "${token-answered}"}),
        }),
    "DescribeMapRun": Operation(
        Case({"mapRunArn": "${map-run}"}, {"status": "SUCCEEDED", "executionArn": "${mapped}", "maxConcurrency": 2}),
        {"ResourceNotFound": Case({"mapRunArn": "${map-run}x"}), "InvalidArn": Case({"mapRunArn": NONSENSE})}),
    "ListMapRuns": Operation(
        Case({"executionArn": "${mapped}"}),
        {
            "ExecutionDoesNotExist": Case({"executionArn": "${mapped}x"}),
            "InvalidArn": Case({"executionArn": NONSENSE}),
            "InvalidToken": Case(listed(executionArn="${mapped}")),
        }),
    "UpdateMapRun": Operation(
        Case({"mapRunArn": "${map-run-going}", "maxConcurrency": 3, "toleratedFailurePercentage": 12.5}),
        {
            "ResourceNotFound": Case({"mapRunArn": "${map-run}x", "maxConcurrency": 1}),
            "InvalidArn": Case({"mapRunArn": NONSENSE, "maxConcurrency": 1}),
            "ValidationException": Case({"mapRunArn": "${map-run}", "maxConcurrency": 1}, {"reason": "CANNOT_UPDATE_COMPLETED_MAP_RUN"}),
        }),
}

OPERATIONS = {**MACHINES, **VERSIONS, **EXECUTIONS, **TASKS}


def filled(part, made):
    """A case's data with what was made in place of its `${name}`s."""
    if isinstance(part, dict):
        return {key: filled(value, made) for key, value in part.items()}
    if isinstance(part, list):
        return [filled(value, made) for value in part]
    return re.sub(r"\$\{([a-z-]+)\}", lambda found: made[found.group(1)], part) if isinstance(part, str) else part


def requests(made, only=None):
    """All cases as plain data, errors before successes: {operation, error or None, input, gives}."""
    cases = [(name, error, case) for name, one in OPERATIONS.items() for error, case in one.errors.items() if isinstance(case, Case)]
    cases += [(name, None, one.success) for name, one in OPERATIONS.items()]
    return [{"operation": name, "error": error, "input": filled(case.input, made), "gives": filled(case.gives, made)}
            for name, error, case in cases if only is None or only(name, error)]
