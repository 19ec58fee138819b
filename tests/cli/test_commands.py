#!/usr/bin/env python3
"""What the commands say to people who get something wrong, and what they take. The program is $PAWL_BIN."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from command_case import PAWL, CommandCase, pawl  # noqa: E402

TASK = json.dumps({"StartAt": "Fetch", "States": {"Fetch": {
    "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:fetch", "End": True}}})
PASS = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})


class Commands(CommandCase):
    def refused(self, *arguments, code=2, **more):
        """What is said on stderr: one line."""
        done = pawl(*arguments, **more)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"^pawl: .*\n$")
        self.assertNotIn("exception", done.stderr)
        return done.stderr[len("pawl: "):-1]

    def test_mocks_of_states_that_are_not_there(self):
        file = self.write("m.json", TASK)
        self.assertEqual(self.refused("run", file, "--mock", "Fecth=1"),
                         "--mock Fecth: the definition has no such state: did you mean 'Fetch'?")
        self.assertEqual(self.refused("run", self.write("p.json", PASS), "--mock", "A=1"),
                         "--mock A: the state is a Pass, which has no task")
        done = pawl("run", "--quiet", "--mock", "Fetch=1", file)  # the definition is no second mock
        self.assertEqual((done.returncode, done.stdout), (0, "1\n"), done.stderr)

    def test_a_test_with_a_mock_of_no_state(self):
        tests = {"definition": json.loads(TASK), "tests": [{"name": "one", "mocks": {"Fecth": {"Return": 1}}}]}
        done = pawl("test", self.write("m.test.json", json.dumps(tests)))
        self.assertEqual(done.returncode, 1)
        self.assertIn("a mock for 'Fecth': the definition has no such state: did you mean 'Fetch'?", done.stdout)

    def test_folders_are_no_files(self):
        file, here = self.write("m.json", PASS), str(self.folder)
        said = f"{here}: can't be read: it is a folder"
        for arguments in (["run", here], ["graph", here], ["run", "--input", "@" + here, file],
                          ["jsonata", "$", "--input", here], ["run", "--mock", "Fetch=@" + here, self.write("task.json", TASK)]):
            self.assertEqual(self.refused(*arguments), said)
        self.assertIn(said, pawl("validate", here).stderr)
        tests = self.write("m.test.json", json.dumps({"definition": ".", "tests": [{"name": "one"}]}))
        self.assertIn("it is a folder", self.refused("test", tests))
        template = self.write("t.yaml", "Resources: {M: {Type: 'AWS::Serverless::StateMachine', Properties: {DefinitionUri: .}}}")
        self.assertIn("it is a folder", self.refused("run", "--sam", template))

    def test_validate_looks_at_all_files(self):
        good, bad = self.write("good.json", PASS), self.write("bad.json", '{"StartAt": "B", "States": {}}')
        done = pawl("validate", str(self.folder / "missing.json"), bad, good)
        self.assertEqual(done.returncode, 2)
        self.assertIn("missing.json: can't be read: No such file", done.stderr)
        self.assertIn(f"{bad}:1:", done.stdout)
        self.assertIn(f"{good}: no problems", done.stdout)

    def test_validate_knows_what_integrations_take(self):
        task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f", "payload.$": "$"}, "End": True}
        file = self.write("misspelt.json", json.dumps({"StartAt": "T", "States": {"T": task}}))
        done = pawl("validate", file)
        self.assertEqual(done.returncode, 2)
        self.assertIn('The field "payload" is not supported by Step Functions', done.stdout)

    def test_validate_refuses_resources_that_aws_does_not_have(self):
        misspelt = self.write("misspelt.json", TASK.replace("arn:aws:lambda:us-east-1:000000000000:function:fetch", "arn:aws:states:::lambda:invok")
                                                   .replace('"End"', '"Parameters": {}, "End"'))
        for command in ("validate", "run"):
            done = pawl(command, misspelt)
            self.assertEqual(done.returncode, 2)
            said = done.stdout + done.stderr
            self.assertIn("The resource provided arn:aws:states:::lambda:invok is not recognized.", said)
            self.assertIn("hint: did you mean 'arn:aws:states:::lambda:invoke'?", said)
        unreachable = self.write("sqs.json", TASK.replace("arn:aws:lambda:us-east-1:000000000000:function:fetch", "arn:aws:states:::sqs:sendMessage")
                                                 .replace('"End"', '"Parameters": {}, "End"'))
        self.assertEqual(pawl("validate", unreachable).stdout, f"{unreachable}: no problems\n")
        placeholder = self.write("placeholder.json", TASK.replace("arn:aws:lambda:us-east-1:000000000000:function:fetch", "${FnArn}"))
        self.assertEqual(pawl("validate", placeholder).returncode, 0)
        done = pawl("run", placeholder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("hint: this is a placeholder of a template: give its value by --substitutions FILE", done.stdout + done.stderr)

    def test_json_is_given_as_text_or_file(self):
        file, value = self.write("m.json", PASS), self.write("v.json", '{"a":1}')
        for given in ('{"a":1}', "@" + value, value):
            self.assertEqual(pawl("run", "--quiet", "--input", given, file).stdout, '{"a":1}\n', given)
            self.assertEqual(pawl("jsonata", "a", "--input", given).stdout, "1\n", given)
            self.assertEqual(pawl("jsonata", "$a", "--bindings", given).stdout, "1\n", given)
        self.assertEqual(pawl("jsonata", "a", "--input", "-", text='{"a":1}').stdout, "1\n")
        self.assertEqual(self.refused("run", "--input", "{x", file),
                         "--input: this is neither the name of a file nor JSON: line 1, column 2: Unexpected character ('x' (code 120)): "
                         "was expecting double-quote to start field name")

    def test_what_is_no_json_is_shown_as_validate_shows_it(self):
        machine, broken = self.write("m.json", TASK), self.write("broken.json", '{\n "a": 1,\n}\n')
        said = (f"{broken}:3:1: not JSON: Unexpected character ('}}' (code 125)): was expecting double-quote to start field name\n"
                "    hint: is there a comma too many before it?\n")
        for arguments in (["run", "--functions", broken, machine], ["run", "--mock-config", broken, machine], ["run", "--endpoints", broken, machine],
                          ["run", "--connections", broken, machine], ["run", "--input", broken, machine], ["run", "--input", "@" + broken, machine],
                          ["run", "--mock", "Fetch=@" + broken, machine], ["run", "--substitutions", broken, machine],
                          ["jsonata", "a", "--input", broken], ["jsonata", "a", "--bindings", broken], ["test", broken]):
            done = pawl(*arguments)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (2, "", "pawl: " + said), arguments)
        done = pawl("run", "--mock", "Fetch=[1,]", machine)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--mock Fetch: what it answers is not JSON: line 1, column 4: Unexpected character (']' (code 93))", done.stderr)
        self.assertIn("\n    hint: is there a comma too many before it?\n", done.stderr)
        done = pawl("jsonata", "a", "--input", "-", text="{} {}")
        self.assertEqual((done.returncode, done.stderr), (2, "pawl: -:1:4: not JSON: Unexpected character ('{' (code 123)): "
                                                             "expected no more after the end of the JSON value\n"))

    def test_a_file_of_tests_says_where_it_is_wrong(self):
        for text, said in (
            ('{"tests": []}', "1:1: has no definition: a file's name, or the definition itself"),
            ('{"definition": {},\n "test": []}', "2:2: test: there is no such member; the members are: comment, definition, mockConfig, machine, tests"),
            ('{"definition": {},\n "tests": []}', "2:2: tests: is to be a list of objects, and not empty"),
            ('{"definition": {}, "tests": [\n {}]}', "2:2: tests[0]: has no name"),
            ('{"definition": {}, "tests": [{"name": "a", "expect":\n {"path": ["A", 1]}}]}', "2:17: tests[0].expect.path[1]: is to be a text"),
            ("definition: {}\ntests:\n  - name: a\n    expect: {status: DONE}\n",
             "4:14: tests[0].expect.status: is to be SUCCEEDED, FAILED, TIMED_OUT or ABORTED"),
        ):
            file = self.write("m.test.yaml" if text.startswith("d") else "m.test.json", text)
            self.assertEqual(self.refused("test", file), f"{file}:{said}")

    def test_a_definition_in_a_file_of_tests_has_its_places(self):
        file = self.write("m.test.json", '{"tests": [{"name": "a"}], "definition": {"StartAt": "A",\n "States": {"A": {\n  "Type": "Tsak"}}}}')
        done = pawl("test", file)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{file}:3:3: error SCHEMA_VALIDATION_FAILED", done.stdout)

    def test_what_an_engine_refuses_has_its_place(self):
        resource = "StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: ${What}\n    Parameters: {}\n    End: true\n"
        values = self.write("values.json", '{"What": "arn:aws:states:::nosuch:thing"}')
        file = self.write("m.yaml", resource)
        done = pawl("run", "--substitutions", values, file)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, rf"^{re.escape(file)}:5:5: error SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::nosuch:thing is not")
        done = pawl("run", "--quiet", "--substitutions", values, "--mock", "A=1", file)
        self.assertEqual((done.returncode, done.stdout), (0, "1\n"), done.stderr)

    def test_parameters_that_no_integration_takes_have_their_place_in_yaml(self):
        file = self.write("m.yaml", "StartAt: T\nStates:\n  T:\n    Type: Task\n    Resource: arn:aws:states:::lambda:invoke\n"
                                    "    Parameters: {FunctionName: f, payload.$: $}\n    End: true\n")
        said = f'{file}:6:5: error SCHEMA_VALIDATION_FAILED: The field "payload" is not supported by Step Functions\n'
        self.assertEqual(pawl("validate", file).stdout, said)
        self.assertEqual(pawl("run", file).stderr, said)

    def test_what_goes_wrong_before_the_start_is_no_failed_workflow(self):
        file = self.write("m.json", PASS)
        self.assertIn("no store is called", self.refused("run", file, "--store", "foo:bar"))
        self.assertIn("there is no folder /nonexistent", self.refused("run", file, "--store", "sqlite:/nonexistent/x"))
        self.assertIn("InvalidName", self.refused("run", file, "--name", "a b"))
        done = pawl("run", "--quiet", self.write("fail.json", PASS.replace('"Type": "Pass", "End": true', '"Type": "Fail"')))
        self.assertEqual(done.returncode, 1, done.stderr)
        tests = self.write("m.test.json", json.dumps({"definition": json.loads(PASS), "tests": [{"name": "one"}]}))
        done = pawl("test", "--junit", str(self.folder / "none" / "x.xml"), tests)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.refused("test", str(self.folder / "none"))

    def test_misspelt_words(self):
        file = self.write("m.json", PASS)
        for arguments, said in (
            (["srve"], "there is no command 'srve': did you mean 'serve'?"),
            (["xyzzy"], "there is no command 'xyzzy'; the commands are: serve, run, validate, test, graph, logs, jsonata"),
            ([], "give a command: serve, run, validate, test, graph, logs, jsonata"),
            (["run", "--functons", "x", file], "there is no option '--functons': did you mean '--functions'?"),
            (["run", "--functons=x", file], "there is no option '--functons': did you mean '--functions'?"),
            (["run", file, "more"], "'more' is one word too many; 'pawl run --help' says more"),
            (["--hepl"], "there is no option '--hepl': did you mean '--help'?"),
            (["serve", "--listen", "127.0.0.1:99999"], "--listen 127.0.0.1:99999: ports go to 65535"),
            (["run", "--parameter", "A=B", file], "--parameter goes with --sam or --cdk-out"),
        ):
            self.assertEqual(self.refused(*arguments), said)
        self.assertIn("can be reached from other machines", self.refused("serve", "--listen", "127.localhost.example:0"))
        for region in ("x y", "", "EU-West-1", "eu_west_1"):
            self.assertEqual(self.refused("serve", "--region", region),
                             "--region: a region has letters from a to z, digits and hyphens, as eu-central-1 has; 'pawl serve --help' says more")
        self.assertIn("--shards", self.refused("serve", "--shards", "100"))

    def test_a_function_that_is_not_there(self):
        functions = {"functions": {"one": {"command": ["true"]}, "two": {"command": ["true"]}}}
        done = pawl("run", "--quiet", "--functions", self.write("f.json", json.dumps(functions)), self.write("m.json", TASK))
        self.assertEqual(done.returncode, 1)
        self.assertIn("Lambda.ResourceNotFoundException", done.stderr)
        self.assertIn("hint: there is no function of that name here; known are: one, two; say what is behind it with --functions FILE",
                      done.stderr)

    def test_logs_of_no_server(self):
        self.assertEqual(self.refused("logs", "f", "--server", "http://127.0.0.1:1/", code=1),
                         "http://127.0.0.1:1/ can't be reached: is pawl serve running there?")
        self.assertIn("expected http://HOST:PORT", self.refused("logs", "f", "--server", "ftp://x", code=1))
        here = {"environment": {"AWS_ENDPOINT_URL": "http://127.0.0.1:2"}}
        self.assertEqual(self.refused("logs", "f", code=1, **here), "http://127.0.0.1:2 can't be reached: is pawl serve running there?")
        self.assertIn("http://127.0.0.1:1/ can't", self.refused("logs", "f", "--server", "http://127.0.0.1:1/", code=1, **here))


class Serve(unittest.TestCase):
    def serve(self, *arguments, environment):
        """A server on a port that is free a moment before; what it said on stdout and stderr."""
        done = subprocess.Popen([PAWL, "serve", "--store", "memory:", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env={**os.environ, **environment})
        first = done.stdout.readline()
        done.send_signal(signal.SIGTERM)
        out, err = done.communicate(timeout=30)
        return first + out, err

    @staticmethod
    def free_port():
        import socket
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            return one.getsockname()[1]

    def test_its_own_address_is_no_service(self):
        port = self.free_port()
        out, err = self.serve("--listen", f"127.0.0.1:{port}",
                              environment={"AWS_ENDPOINT_URL": f"http://localhost:{port}", "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:1"})
        self.assertEqual(err, "pawl: AWS_ENDPOINT_URL is this server's own address: it is not used for calls to services\n")
        self.assertTrue(re.search(r"^pawl: stopping; nothing is kept", out, re.M), out)


if __name__ == "__main__":
    unittest.main()
