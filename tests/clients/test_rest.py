"""Every route of /openapi.json with every status that it documents, over the wire: each answer has the type and the schema that
is promised for it. The statuses that no request can cause alone are named, with the reason."""
import http.client
import json
import pathlib
import re
import unittest
import urllib.parse

import world
from harness import Api, Pawl, quick_folder

V1 = "/api/v1"
MACHINES, EXECUTIONS = V1 + "/state-machines", V1 + "/executions"
MACHINE, EXECUTION = MACHINES + "/{machine}", EXECUTIONS + "/{arn}"
NEVER = {429: "asks for a full mailbox: 20,000 requests that wait", 503: "asks for a store that fails"}
PASS = json.loads(world.PASS)
NEW = {"name": "new", "definition": PASS}


def setUpModule():
    global folder, pawl, made, api, document
    folder = quick_folder()
    functions = pathlib.Path(folder.name) / "functions.json"
    functions.write_text(json.dumps({"functions": {"idle": {"command": ["true"]}}}))
    pawl = Pawl(folder.name, functions).start()
    api = Api(pawl.port)
    made = world.build(api, quotas=False)
    document = json.loads(ask("GET", "/openapi.json")[2])


def tearDownModule():
    api.close()
    pawl.close()
    folder.cleanup()


def ask(method, target, body=None, whole=False, **headers):
    """(status, content type, body) of an answer; of a stream its beginning, unless it is asked for as a whole."""
    connection = http.client.HTTPConnection("127.0.0.1", pawl.port, timeout=30)
    try:
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        kind = answer.getheader("Content-Type", "").partition(";")[0]
        return answer.status, kind, answer.read1() if kind == "text/event-stream" and not whole else answer.read()
    finally:
        connection.close()


def problems(value, schema, where="$"):
    """What about a value is not as a schema of the document says. Of JSON Schema what the document uses."""
    if "$ref" in schema:
        return problems(value, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], where)
    unknown = set(schema) - {"type", "properties", "required", "additionalProperties", "items", "enum", "const", "oneOf", "anyOf", "allOf", "description",
                             "format", "example", "examples", "default", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
                             "pattern", "title", "contentMediaType", "minProperties", "maxProperties"}
    if unknown:
        return [f"{where}: this test does not know {unknown}"]
    for choice in ("oneOf", "anyOf"):
        if choice in schema and all(problems(value, one, where) for one in schema[choice]):
            return [f"{where}: none of {choice} fits {value!r}"]
    found = [problem for one in schema.get("allOf", ()) for problem in problems(value, one, where)]
    types = schema.get("type", [])
    if types and not any(is_a(value, one) for one in ([types] if isinstance(types, str) else types)):
        return [f"{where}: {value!r} is no {types}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is none of {schema['enum']}")
    if isinstance(value, dict):
        found += [f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value]
        more = schema.get("additionalProperties", True)
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                found += problems(inner, schema["properties"][name], f"{where}.{name}")
            elif more is False:
                found.append(f"{where}: {name} is not described")
            elif isinstance(more, dict):
                found += problems(inner, more, f"{where}.{name}")
    if isinstance(value, list):
        found += [problem for i, item in enumerate(value) for problem in problems(item, schema.get("items", {}), f"{where}[{i}]")]
    return found


def is_a(value, kind):
    if kind in ("integer", "number"):
        return isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "boolean": bool, "object": dict, "array": list, "null": type(None)}[kind])


# What causes a status, per route: the values of the path's parameters, the body, the query. `${name}` is of world.py.
HERE = {"machine": "standard", "arn": "${done}", "alias": "live", "version": "1", "token": "${token-beats}", "name": "idle"}
GONE = {"machine": "nowhere", "arn": "${done}x", "alias": "nobody", "version": "x", "token": "${token-beats}", "name": "nobody"}
CAUSES = {
    ("GET", MACHINES): {200: {}, 400: {"query": "limit=x"}},
    ("POST", MACHINES): {201: {"body": {"name": "by-rest", "definition": PASS}}, 400: {"body": {}}, 409: {"body": {"name": "standard", "definition": {**PASS, "Comment": "x"}}}},
    ("GET", MACHINE): {200: {}, 400: {"query": "unknown=1"}},
    ("PUT", MACHINE): {200: {"machine": "to-update", "body": {"definition": PASS}}, 400: {"body": {}}, 409: {"machine": "going", "body": {"definition": PASS}},
                       404: None},
    ("PATCH", MACHINE): {200: {"machine": "to-update", "body": {"definition": PASS}}, 400: {"body": {"definition": 7}}, 409: {"machine": "going", "body": {"definition": PASS}},
                         404: {"machine": "nowhere", "body": {"definition": PASS}}},
    ("DELETE", MACHINE): {204: {"machine": "to-delete"}, 400: {"query": "unknown=1"}},
    ("GET", MACHINE + "/revisions"): {200: {}, 400: {"query": "limit=x"}},
    ("GET", MACHINE + "/statistics"): {200: {}, 400: {"query": "limit=x"}},
    ("GET", MACHINE + "/versions"): {200: {}, 400: {"query": "limit=x"}},
    ("POST", MACHINE + "/versions"): {201: {"machine": "waits", "body": {}}, 400: {"body": {"description": 7}}, 409: {"body": {"revisionId": "another"}},
                                      404: {"machine": "nowhere", "body": {}}},
    ("DELETE", MACHINE + "/versions/{version}"): {204: {"version": "3"}, 400: {"query": "unknown=1"}, 404: {"version": "99"}, 409: {"version": "1"}},
    ("GET", MACHINE + "/aliases"): {200: {}, 400: {"query": "limit=x"}, 409: {"machine": "going"}},
    ("POST", MACHINE + "/aliases"): {201: {"body": {"name": "by-rest", "weights": {"1": 100}}}, 400: {"body": {}},
                                     404: {"body": {"name": "x", "weights": {"99": 100}}},
                                     409: {"body": {"name": "live", "description": "another", "weights": {"1": 100}}}},
    ("GET", MACHINE + "/aliases/{alias}"): {200: {}, 400: {"query": "unknown=1"}, 404: {"alias": "nobody"}},
    ("PATCH", MACHINE + "/aliases/{alias}"): {200: {"alias": "to-change", "body": {"description": "x"}}, 400: {"body": {"description": 7}},
                                              404: {"alias": "nobody", "body": {"description": "x"}}, 409: {"machine": "going", "body": {"description": "x"}}},
    ("DELETE", MACHINE + "/aliases/{alias}"): {204: {"alias": "to-remove"}, 400: {"query": "unknown=1"}, 404: {"alias": "nobody"}},
    ("GET", MACHINE + "/executions"): {200: {}, 400: {"query": "limit=x"}},
    ("POST", MACHINE + "/executions"): {201: {"body": {"input": {"a": 1}}}, 400: {"body": {"name": "a*b"}}, 404: {"machine": "nowhere", "body": {}},
                                        409: {"machine": "waits", "body": {"name": "running", "input": [1]}}},
    ("GET", EXECUTIONS): {200: {}, 400: {"query": "limit=x"}, 404: {"query": "mapRun=${map-run}x"}},
    ("GET", EXECUTION + "/map-runs"): {200: {"arn": "${mapped}"}, 400: {"arn": "nonsense"}},
    ("GET", V1 + "/map-runs/{arn}"): {200: {"arn": "${map-run}"}, 400: {"arn": "nonsense"}, 404: {"arn": "${map-run}x"}},
    ("GET", EXECUTION): {200: {}, 400: {"arn": "nonsense"}},
    ("GET", EXECUTION + "/state-machine"): {200: {}, 400: {"arn": "nonsense"}},
    ("POST", EXECUTION + "/stop"): {200: {"arn": "${to-stop}", "body": {"error": "E"}}, 400: {"body": {"error": 7}}, 404: {"arn": "${done}x", "body": {}}},
    ("POST", EXECUTION + "/redrive"): {200: {"arn": "${to-redrive}", "body": {}}, 400: {"arn": "nonsense", "body": {}}, 404: {"arn": "${done}x", "body": {}}, 409: {"body": {}}},
    ("GET", EXECUTION + "/history"): {200: {}, 400: {"query": "limit=x"}},
    ("GET", EXECUTION + "/events"): {200: {"arn": "${running}"}, 204: "read already", 400: {"arn": "nonsense"}},
    ("POST", V1 + "/tasks/{token}/success"): {204: {"token": "${token-succeeds}", "body": {"output": 1}}, 400: {"token": "x", "body": {"output": 1}},
                                              409: {"token": "${token-answered}", "body": {"output": 1}}},
    ("POST", V1 + "/tasks/{token}/failure"): {204: {"token": "${token-fails}", "body": {"error": "E"}}, 400: {"token": "x", "body": {}},
                                              409: {"token": "${token-answered}", "body": {}}},
    ("POST", V1 + "/tasks/{token}/heartbeat"): {204: {"body": {}}, 400: {"token": "x", "body": {}}, 409: {"token": "${token-answered}", "body": {}}},
    ("POST", V1 + "/callbacks/{token}"): {204: {"body": {"output": 1}}, 400: {"token": "x", "body": {"output": 1}}, 409: {"token": "${token-answered}", "body": {"output": 1}}},
    ("GET", V1 + "/functions"): {200: {}, 400: {"query": "unknown=1"}},
    ("GET", V1 + "/functions/{name}"): {200: {}, 400: {"query": "unknown=1"}},
    ("GET", V1 + "/functions/{name}/invocations"): {200: {}, 400: {"query": "limit=x"}},
    ("GET", V1 + "/functions/{name}/logs"): {200: {}, 400: {"query": "unknown=1"}},
    ("POST", V1 + "/validate"): {200: {"body": {"definition": PASS}}, 400: {"query": "type=FAST", "body": {"definition": PASS}}},
}


class Rest(unittest.TestCase):
    def send(self, method, path, cause, **headers):
        values = {**HERE, **cause}
        for name in ("machine", "arn", "alias", "version", "token", "name"):
            value = values[name]
            value = made[value[2:-1]] if value.endswith("}") else made[value[2:-2]] + "x" if value.startswith("${") else value
            path = path.replace("{" + name + "}", urllib.parse.quote(value, safe=""))
        body = cause.get("body")
        if body is not None and not isinstance(body, str):
            body, headers = json.dumps(body), {"Content-Type": "application/json", **headers}
        query = re.sub(r"\$\{([a-z-]+)\}", lambda name: urllib.parse.quote(made[name.group(1)], safe=""), cause.get("query", ""))
        return ask(method, path + ("?" + query if query else ""), body, **{**cause.get("headers", {}), **headers})

    def check(self, method, path, status, answer, responses):
        self.assertEqual(answer[0], status, f"{method} {path}: {answer}")
        content = responses[str(status)].get("content")
        if content is None:
            self.assertEqual(answer[2], b"", f"{method} {path} {status} has a body")
            return
        self.assertIn(answer[1], content, f"{method} {path} {status}")
        if answer[1] != "text/event-stream":
            self.assertEqual(problems(json.loads(answer[2]), content[answer[1]]["schema"]), [], f"{method} {path} {status}")

    def cause(self, method, path, status, own):
        """What makes a route answer so: its own cause, or one that all routes share."""
        if status == 204 and own.get(status) == "read already":
            stream = ask("GET", (EXECUTION + "/events").replace("{arn}", urllib.parse.quote(made["done"], safe="")), whole=True)[2]
            return {}, {"Last-Event-ID": re.findall(rb"^id: ?(\S+)", stream, re.M)[-1].decode()}
        if status in own:
            return own[status], {}
        good = next(iter(own.values()))
        body = {"body": good["body"]} if "body" in good else {}
        if status == 403:
            return body, {"Host": "evil.example"}
        if status == 404:
            return {**GONE, **body}, {}
        if status == 413:
            return {"body": '"' + "x" * 17_000_000 + '"'}, {"Content-Type": "application/json"}
        if status == 415:
            return {"body": "a=1"}, {"Content-Type": "application/x-www-form-urlencoded"}
        return None, {}

    def test_every_status_of_every_route(self):
        routes = {(method.upper(), path): operation["responses"] for path, methods in document["paths"].items() for method, operation in methods.items()
                  if path.startswith(V1)}
        self.assertEqual(set(routes), set(CAUSES), "a route without causes, or causes without a route")
        seen = 0
        # What changes nothing first.
        for (method, path), responses in routes.items():
            for status in sorted(map(int, responses), reverse=True):
                if status in NEVER or (status == 404 and "{token}" in path):  # a genuine token always has its task: nothing is forgotten
                    continue
                with self.subTest(f"{method} {path} {status}"):
                    found, headers = self.cause(method, path, status, {s: c for s, c in CAUSES[method, path].items() if c is not None})
                    self.assertIsNotNone(found, "nothing is known that causes this status")
                    self.check(method, path, status, self.send(method, path, found, **headers), responses)
                    seen += 1
        print(f"\n{len(routes)} routes, {seen} statuses", flush=True)


if __name__ == "__main__":
    unittest.main()
