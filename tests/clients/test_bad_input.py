"""Requests that are wrong, made from the published model: each is refused with AWS's typed error, and nothing is changed by it.

Written to a socket's HTTP by hand, since AWS's clients refuse to send most of this.
"""
import http.client
import json
import unittest

import cases
import make_model
import world
from harness import ROLE, Api, ApiError, Pawl, quick_folder, Unchanged

MODEL = make_model.read()
SHAPES = MODEL["shapes"]
WRONG = {
    "string": (7, 1.5, True, {"a": "b"}, ["x"]),
    "integer": ("7", 1.5, True, {}, [1]),
    "long": ("7", 1.5, True, {}, [1]),
    "float": ("7", True, {}, [1.5]),
    "boolean": ("true", 1, {}, [True]),
    "structure": ("x", 7, False, ["x"]),
    "list": ("x", 7, False, {"a": "b"}),
}
GARBAGE = ("x", "arn:", "arn:aws:states", ":::::::", "arn:aws:states:us-east-1:000000000000:", "arn:aws:states:us-east-1:000000000000:stateMachine",
           "arn:aws:states:us-east-1:000000000000:stateMachine:", "arn:aws:s3:::bucket", "arn:aws:states:us-east-1:000000000000:nothing:x",
           "arn:aws:states:us-east-1:12:stateMachine:standard", "http://127.0.0.1/", "../../etc/passwd", "'; DROP TABLE machines; --",
           "ärn:äws:états", "arn:aws:states:us-east-1:000000000000:stateMachine:a b", "arn:aws:states:us-east-1:000000000000:stateMachine:a\u0000b")
FOREIGN = (("000000000000", "111111111111"), ("us-east-1", "eu-west-3"), ("arn:aws:", "arn:aws-cn:"))
NOT_THERE = ("ActivityDoesNotExist", "ExecutionDoesNotExist", "ResourceNotFound", "StateMachineDoesNotExist")
DELETES = ("DeleteActivity", "DeleteStateMachine", "DeleteStateMachineAlias", "DeleteStateMachineVersion")  # of nothing succeed
ARNS = ("activityArn", "executionArn", "mapRunArn", "resourceArn", "stateMachineAliasArn", "stateMachineArn", "stateMachineVersionArn")


def setUpModule():
    global folder, pawl, api, made, store
    folder = quick_folder()
    pawl = Pawl(folder.name).start()
    api = Api(pawl.port)
    made = world.build(api)
    store = Unchanged(pawl)


def tearDownModule():
    api.close()
    store.close()
    pawl.close()
    folder.cleanup()


def members(operation):
    """(path, shape name, is required) of each member of the input, also within structures and lists."""
    found = []

    def walk(shape_name, path):
        shape = SHAPES[shape_name]
        for name, member in shape.get("members", {}).items():
            inner = SHAPES[member["shape"]]
            found.append((path + (name,), member["shape"], name in shape.get("required", ())))
            if inner["type"] == "structure":
                walk(member["shape"], path + (name,))
            elif inner["type"] == "list":
                item = inner["member"]["shape"]
                found.append((path + (name, 0), item, False))
                if SHAPES[item]["type"] == "structure":
                    walk(item, path + (name, 0))

    walk(MODEL["operations"][operation]["input"]["shape"], ())
    return found


def valid(operation):
    return cases.filled(cases.OPERATIONS[operation].success.input, made)


def changed(document, path, value):
    """A copy with another value at a path, whose parts are made where they are missing. `...` takes the member away."""
    if not path:
        return value
    if isinstance(path[0], int):
        items = list(document or [])
        return [changed(items[0] if items else {}, path[1:], value), *items[1:]]
    copy = dict(document or {})
    if len(path) == 1 and value is ...:
        copy.pop(path[0], None)
    else:
        copy[path[0]] = changed(copy.get(path[0]), path[1:], value)
    return copy


class Refusing(unittest.TestCase):
    maxDiff = None

    def refused(self, operation, request, names, what):
        """The request has one of these errors, and the store is as it was."""
        names = (names,) if isinstance(names, str) else names
        try:
            answer = api.call(operation, **request)
            self.fail(f"{operation} {what}: expected {names}, got {answer}")
        except ApiError as error:
            self.assertIn(error.name, names, f"{operation} {what}: {error}")
            self.assertEqual(error.status, 400, f"{operation} {what}")
            self.assertTrue(error.message, f"{operation} {what}: no message")
        self.assertTrue(store.holds(), f"{operation} {what}: refused, but something was written")


class Members(Refusing):
    def each_member(self):
        for operation in MODEL["operations"]:
            for path, shape, required in members(operation):
                yield operation, path, shape, required, ".".join(map(str, path))

    def test_what_is_required_is_missing_or_null(self):
        tried = 0
        for operation, path, _, required, where in self.each_member():
            # A member of a structure counts where the structure is there: others of its members make it so.
            if not required or (len(path) > 1 and not self.sibling(operation, path)):
                continue
            for value in (..., None):
                with self.subTest(f"{operation} {where} {value}"):
                    self.refused(operation, changed(self.with_structure(operation, path), path, value), "ValidationException", f"without {where}")
                    tried += 1
        self.assertGreater(tried, 60)

    def base(self, operation, path):
        """A valid request in which a member is there, so that it alone is wrong when it is changed."""
        request = self.with_structure(operation, path)
        if "routingConfiguration" in path and path[-1] == "stateMachineVersionArn":
            request = {**request, "routingConfiguration": [cases.filled(cases.route(), made)]}
        return {} if operation == "ListExecutions" and path[-1].endswith("Arn") else request

    def sibling(self, operation, path):
        return [other for other, _, _ in members(operation) if other[:-1] == path[:-1] and other != path]

    def with_structure(self, operation, path):
        request = valid(operation)
        for other in self.sibling(operation, path) if len(path) > 1 else ():
            present = request
            for part in other:
                present = (present[part] if isinstance(part, int) and present else present.get(part)) if present else None
            if present is None:
                request = changed(request, other, self.any_value(operation, other))
        return request

    def any_value(self, operation, path):
        shape = next(SHAPES[name] for other, name, _ in members(operation) if other == path)
        return {"string": shape.get("enum", ["x"])[0], "integer": shape.get("min", 1), "long": 1, "boolean": True, "structure": {}, "list": []}[shape["type"]]

    def test_members_of_another_type(self):
        tried = 0
        for operation, path, shape, _, where in self.each_member():
            for value in WRONG[SHAPES[shape]["type"]]:
                with self.subTest(f"{operation} {where} = {value!r}"):
                    self.refused(operation, changed(valid(operation), path, value), "SerializationException", f"{where} = {value!r}")
                    tried += 1
        self.assertGreater(tried, 500)

    def test_values_beyond_their_limits(self):
        tried = 0
        for operation, path, shape_name, _, where in self.each_member():
            for value, why in beyond(SHAPES[shape_name]):
                with self.subTest(f"{operation} {where} {why}"):
                    names = "ValidationException"
                    self.refused(operation, changed(self.with_structure(operation, path), path, value), names, f"{where} {why}")
                    tried += 1
        self.assertGreater(tried, 150)

    def test_members_that_nobody_knows_are_read_over(self):
        for operation, one in cases.OPERATIONS.items():
            for error, case in one.errors.items():
                if isinstance(case, cases.Case):
                    request = {**cases.filled(case.input, made), "unknownMember": {"deep": [1, None]}, "": 1}
                    with self.subTest(f"{operation} {error}"):
                        self.refused(operation, request, error, "with a member that nobody knows")
            if operation.startswith(("Describe", "List", "Validate", "GetExecution")):
                with self.subTest(operation):
                    self.assertEqual(api.call(operation, **valid(operation), unknownMember=[]), api.call(operation, **valid(operation)))

    def test_arns_that_are_none_or_of_others(self):
        for operation, path, _, _, where in self.each_member():
            name = path[-1]
            if name not in ARNS:
                continue
            request = self.base(operation, path)
            known = arn_at(request, path)
            for value in GARBAGE:
                with self.subTest(f"{operation} {where} = {value!r}"):
                    self.refused(operation, changed(request, path, value), "InvalidArn", f"{where} = {value!r}")
            for mine, other in FOREIGN:
                with self.subTest(f"{operation} {where} of {other}"):
                    foreign = known.replace(mine, other, 1)
                    if operation in DELETES:
                        api.call(operation, **changed(request, path, foreign))
                        self.assertTrue(store.holds(), f"{operation} of {foreign} wrote something")
                    else:
                        self.refused(operation, changed(request, path, foreign), NOT_THERE, f"{where} = {foreign}")

    def test_arns_of_another_kind(self):
        kinds = {"activityArn": "standard", "executionArn": "standard", "mapRunArn": "done", "stateMachineArn": "done",
                 "stateMachineAliasArn": "activity", "stateMachineVersionArn": "activity", "resourceArn": "done"}
        for operation, path, _, _, where in self.each_member():
            if path[-1] in kinds:
                with self.subTest(f"{operation} {where}"):
                    request = self.base(operation, path)
                    # Executions have ARNs that could be tagged by their form, but no tags.
                    self.refused(operation, changed(request, path, made[kinds[path[-1]]]), ("InvalidArn", "ResourceNotFound"), where)

    def test_what_does_not_go_together(self):
        machine = made["standard"]
        self.refused("ListExecutions", {"stateMachineArn": machine, "statusFilter": "PENDING_REDRIVE"}, "ValidationException", "no Map Run")
        self.refused("TagResource", {"resourceArn": machine, "tags": [{"value": "a"}]}, "ValidationException", "a tag without a key")
        for group in ("xx", "arn:aws:logs:us-east-1:000000000000:log-group:g"):
            logging = {"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}]}
            self.refused("CreateStateMachine", {**valid("CreateStateMachine"), "loggingConfiguration": logging},
                         "InvalidLoggingConfiguration", group)

    def test_roles_that_are_none(self):
        for operation in ("CreateStateMachine", "UpdateStateMachine", "TestState"):
            for role in ("x", "arn:aws:iam::000000000000", "arn:aws:s3:::bucket", "arn:aws:iam::12:role/x"):
                with self.subTest(f"{operation} {role}"):
                    self.refused(operation, {**valid(operation), "roleArn": role}, "InvalidArn", f"roleArn = {role}")


def arn_at(request, path):
    """The ARN at a path of a request; ListExecutions has none of them by itself."""
    if not request:
        return made["map-run" if path[-1] == "mapRunArn" else "waits"]
    for part in path:
        request = request[part]
    return request


def beyond(shape):
    """Values that break a constraint of a shape, with what is wrong with them."""
    least, most = shape.get("min"), shape.get("max")
    kind = shape["type"]
    if kind == "string":
        if "enum" in shape:
            yield "SOMETHING_ELSE", "of no set"
            yield shape["enum"][0].lower(), "in small letters"
        if most is not None:
            yield json.dumps("x" * (most - 1)), "too long"
        if least:
            yield "", "empty"
        if "pattern" in shape:
            yield "é\n", "against its pattern"
    elif kind in ("integer", "long", "float"):
        if least is not None:
            yield least - 1, "too small"
            yield -(2 ** 31), "far too small"
        if most is not None:
            yield most + 1, "too large"
    elif kind == "list":
        if most is not None:
            yield [{}] * (most + 1), "too many"
        if least:
            yield [], "none"


class Tokens(Refusing):
    def test_of_tasks_that_are_none(self):
        real = made["token-beats"]
        flipped = [real[:i] + ("A" if real[i] != "A" else "B") + real[i + 1:] for i in range(0, len(real), 9)]
        for token in ("x", " ", real[:-1], real + "A", real + real, real.lower(), "=" + real, "%" + real, "\u0000", "ü" * 20, "A" * len(real), *flipped):
            for operation in ("SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"):
                with self.subTest(f"{operation} {token!r}"):
                    self.refused(operation, {**valid(operation), "taskToken": token}, "InvalidToken", f"token {token!r}")

    def test_of_tasks_of_another_server(self):
        with Pawl() as other:
            strange = world.Builder(Api(other.port))
            strange.activities()
        for operation in ("SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"):
            self.refused(operation, {**valid(operation), "taskToken": strange.made["token-beats"]}, "InvalidToken", "of another server")

    def test_of_tasks_that_are_answered(self):
        before = api.history(made["task-answered"])
        for operation in ("SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"):
            for _ in range(3):
                self.refused(operation, {**valid(operation), "taskToken": made["token-answered"]}, "TaskTimedOut", "again")
        self.assertEqual(api.history(made["task-answered"]), before)

    def test_of_lists_that_are_another_ones(self):
        own = {"ListStateMachines": {}, "ListActivities": {}, "ListExecutions": {"stateMachineArn": made["waits"]},
               "GetExecutionHistory": {"executionArn": made["done"]}, "ListStateMachineVersions": {"stateMachineArn": made["standard"]},
               "ListStateMachineAliases": {"stateMachineArn": made["standard"]}, "ListMapRuns": {"executionArn": made["mapped"]}}
        tokens = {name: api.call(name, **request, maxResults=1).get("nextToken") for name, request in own.items()}
        tokens["ListMapRuns"] = "bm9uZQ"  # there is one Map Run, so no page after it
        self.assertTrue(all(tokens.values()), tokens)
        for operation, request in own.items():
            for of, token in tokens.items():
                for text in (token, token[:-2], token + "AA", token[::-1]):
                    if of != operation or (text != token or operation == "ListMapRuns"):
                        with self.subTest(f"{operation} with {text!r} of {of}"):
                            self.refused(operation, {**request, "nextToken": text}, "InvalidToken", f"a token of {of}")
        other = {**own["ListExecutions"], "statusFilter": "RUNNING", "nextToken": tokens["ListExecutions"]}
        self.refused("ListExecutions", other, "InvalidToken", "a token of another filter")


class Bodies(Refusing):
    def post(self, body, target="AWSStepFunctions.ListStateMachines", method="POST", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", pawl.port, timeout=30)
        try:
            connection.request(method, "/", body, {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target, **headers})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}").get("__type")
        finally:
            connection.close()

    def test_that_are_no_json_objects(self):
        for body in (b"{", b"[]", b"7", b'"x"', b"null", b"{}x", b'{"a": }', b'{"name": "\xff\xfe"}', b"\x00", b"{'a': 1}", b"[" * 100_000,
                     b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"maxResults": 1e999}', b'{"maxResults": NaN}'):
            with self.subTest(body[:30]):
                self.assertEqual(self.post(body), (400, "SerializationException"))
                self.assertTrue(store.holds())

    def test_of_operations_that_nobody_knows(self):
        for target in ("AWSStepFunctions.Nothing", "AWSStepFunctions.", "AWSStepFunctions", "", "liststatemachines", "AWSStepFunctions.listStateMachines",
                       "Other.ListStateMachines", "AWSStepFunctions.ListStateMachines ;x"):
            with self.subTest(target):
                self.assertEqual(self.post(b"{}", target), (400, "UnknownOperationException"))

    def test_that_are_absent_count_as_empty(self):
        self.assertEqual(self.post(b"")[0], 200)

    def test_that_are_too_large(self):
        huge = json.dumps({"name": "huge", "definition": " " * 1_048_577, "roleArn": ROLE})
        self.assertEqual(self.post(huge, "AWSStepFunctions.CreateStateMachine"), (400, "ValidationException"))
        self.assertTrue(store.holds())


if __name__ == "__main__":
    unittest.main()
