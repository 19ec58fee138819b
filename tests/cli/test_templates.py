#!/usr/bin/env python3
"""pawl run with templates of SAM and CDK, their functions included; validate's formats. The program is $PAWL_BIN."""
import json
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "clients")]
from harness import bubblewrap_works  # noqa: E402
from command_case import HERE, CommandCase, pawl  # noqa: E402

INLINE = """
Parameters: {Stage: {Type: String, Default: dev}}
Resources:
  InPython:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.main
      Environment: {Variables: {STAGE: !Ref Stage}}
      Code:
        ZipFile: |
          import os
          def main(event, context):
              return {"from": "python", "stage": os.environ["STAGE"]}
  InJavascript:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      InlineCode: !Sub 'exports.handler = async () => ({from: "javascript", stage: "${Stage}"});'
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Which
        States:
          Which:
            Type: Choice
            Choices: [{Variable: $.js, IsPresent: true, Next: Javascript}]
            Default: Python
          Python: {Type: Task, Resource: !GetAtt InPython.Arn, End: true}
          Javascript: {Type: Task, Resource: !GetAtt InJavascript.Arn, End: true}
"""


PUBLISHED = """
Globals: {Function: {Runtime: python3.12, Handler: index.main, MemorySize: 1024}}
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live
      VpcConfig: {SubnetIds: [!ImportValue subnet]}
      InlineCode: |
        def main(event, context):
            return [context.invoked_function_arn.split(":", 6)[6], context.memory_limit_in_mb]
  Al:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref Hello, FunctionVersion: !GetAtt Hello.Version.Version, Name: beta}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /orders}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Logging: {Level: ALL, Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: !GetAtt Group.Arn}}]}
      Definition:
        StartAt: All
        States:
          All:
            Type: Parallel
            End: true
            Branches:
            - {StartAt: A, States: {A: {Type: Task, Resource: !Ref Hello.Alias, End: true}}}
            - {StartAt: B, States: {B: {Type: Task, Resource: !Ref HelloAliaslive, End: true}}}
            - {StartAt: C, States: {C: {Type: Task, Resource: !Ref Hello.Version, End: true}}}
            - StartAt: D
              States:
                D:
                  Type: Task
                  Resource: arn:aws:states:::lambda:invoke
                  Parameters: {FunctionName: !Sub '${Al}'}
                  OutputPath: $.Payload
                  End: true
"""

# As CDK's LambdaInvoke writes it for an alias and for fn.currentVersion.
PUBLISHED_BY_CDK = {"Resources": {
    "Fn": {"Type": "AWS::Lambda::Function", "Properties": {
        "Runtime": "python3.12", "Handler": "index.main", "Code": {"ZipFile": "def main(event, context): return event['n']"}}},
    "FnCurrentVersion8A52": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Fn"}}},
    "FnAlias": {"Type": "AWS::Lambda::Alias", "Properties": {
        "FunctionName": {"Ref": "Fn"}, "FunctionVersion": {"Fn::GetAtt": ["FnCurrentVersion8A52", "Version"]}, "Name": "live"}},
    "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", [
        '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:', {"Ref": "AWS::Partition"},
        ':states:::lambda:invoke","Parameters":{"FunctionName":"', {"Ref": "FnAlias"},
        '","Payload":{"n":1}},"ResultSelector":{"n.$":"$.Payload"},"Next":"B"},"B":{"Type":"Task","Resource":"arn:',
        {"Ref": "AWS::Partition"}, ':states:::lambda:invoke","Parameters":{"FunctionName":"', {"Ref": "FnCurrentVersion8A52"},
        '","Payload.$":"$"},"OutputPath":"$.Payload","End":true}}}']]}}}}}


class Templates(unittest.TestCase):
    def output(self, *arguments):
        done = pawl("run", "--quiet", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    @unittest.skipUnless(shutil.which("node"), "there is no node")
    def test_sam(self):
        told = self.output("--sam", str(HERE / "sam" / "template.yaml"), "Orders", "--input", '{"pieces": 3}')
        self.assertEqual(told, {"charged": 4, "currency": "CHF", "stage": "dev", "table": "Table"})

    def test_cdk(self):
        told = self.output("--cdk-out", str(HERE / "cdk.out"), "Machine7A8B", "--input", '{"name": "you"}')
        self.assertEqual(told, {"said": "hello you", "child": "arn:aws:states:us-east-1:000000000000:stateMachine:child"})

    @unittest.skipUnless(shutil.which("node"), "there is no node")
    def test_code_in_the_template(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "template.yaml"
            file.write_text(INLINE)
            for sandbox in ["none"] + (["bwrap"] if bubblewrap_works() else []):
                self.assertEqual(self.output("--sam", str(file), "--sandbox", sandbox), {"from": "python", "stage": "dev"})
            self.assertEqual(self.output("--sam", str(file), "--parameter", "Stage=live", "--input", '{"js": true}'),
                             {"from": "javascript", "stage": "live"})

    def test_aliases_and_versions(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "template.yaml"
            file.write_text(PUBLISHED)
            self.assertEqual(self.output("--sam", str(file)), [[f"Hello:{name}", "1024"] for name in ("live", "live", "1", "beta")])
            out = pathlib.Path(folder) / "cdk.out"
            out.mkdir()
            (out / "A.template.json").write_text(json.dumps(PUBLISHED_BY_CDK))
            self.assertEqual(self.output("--cdk-out", str(out)), 1)

    def test_what_is_left_out_is_said(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "template.yaml"
            file.write_text(PUBLISHED)
            done = pawl("run", "--quiet", "--sam", str(file))
            self.assertEqual(done.stderr, f"pawl: {file}: the VPC of the function Hello is left out\n")

    def test_logs_of_machines(self):
        with tempfile.TemporaryDirectory() as folder:
            file, logs = pathlib.Path(folder) / "template.yaml", pathlib.Path(folder) / "logs"
            file.write_text(PUBLISHED)
            self.output("--sam", str(file), "--execution-logs", str(logs))
            types = [json.loads(line)["type"] for line in (logs / "orders.jsonl").read_text().splitlines()]
            self.assertEqual((types[0], types[-1]), ("ExecutionStarted", "ExecutionSucceeded"))

            # What the template no longer says is no longer so.
            store = "sqlite:" + str(pathlib.Path(folder) / "pawl.db")
            log = pathlib.Path(folder) / "pawl.db-logs" / "executions" / "orders.jsonl"
            self.output("--sam", str(file), "--store", store)
            lines = log.read_text()
            file.write_text(PUBLISHED.replace("Level: ALL", "Level: 'OFF'"))
            self.output("--sam", str(file), "--store", store)
            file.write_text("".join(line for line in PUBLISHED.splitlines(True) if "Logging:" not in line))
            self.output("--sam", str(file), "--store", store)
            self.assertEqual(log.read_text(), lines)

            file.write_text(PUBLISHED.replace("!GetAtt Group.Arn", "arn:aws:logs:us-east-1:000000000000:log-group:orders"))
            done = pawl("run", "--sam", str(file))
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"{file}: Machine: Invalid Logging Configuration: ", done.stderr)

    def test_a_sandbox_that_does_not_work_is_said_at_once(self):
        done = pawl("run", "--cdk-out", str(HERE / "cdk.out"), "Machine7A8B", "--sandbox", "bwrap", environment={"PATH": "/nowhere"})
        self.assertEqual(done.returncode, 2)
        self.assertIn("--sandbox bwrap: bubblewrap does not work on this machine: ", done.stderr)

    def test_which_machine(self):
        done = pawl("run", "--cdk-out", str(HERE / "cdk.out"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("name one of", done.stderr)
        done = pawl("run", "--cdk-out", str(HERE / "cdk.out"), "Machine7A8C")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'Machine7A8B'?", done.stderr)

    def test_a_machine_that_is_wrong(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "m.asl.yaml").write_text("StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n")
            (path / "template.yaml").write_text(
                "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties: {DefinitionUri: m.asl.yaml}\n")
            done = pawl("run", "--sam", str(path / "template.yaml"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("m.asl.yaml:5:5: error MISSING_TRANSITION_TARGET", done.stderr)

    def test_a_definition_in_a_template_that_is_wrong(self):
        text = INLINE.replace("{Type: Task, Resource: !GetAtt InPython.Arn, End: true}", "\n            Type: Tsak")
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "template.yaml"
            file.write_text(text)
            done = pawl("run", "--sam", str(file))
            line = 1 + text.splitlines().index("            Type: Tsak")
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"{file}:{line}:13: error SCHEMA_VALIDATION_FAILED: ", done.stderr)
            self.assertTrue(done.stderr.endswith("pawl: the state machine Machine is not in order\n"), done.stderr)

            file.write_text(INLINE.replace("Resource: !GetAtt InPython.Arn", "Resource: 'arn:aws:states:::nosuch:thing', Parameters: {}"))
            done = pawl("run", "--sam", str(file))
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"{file}: Machine: /States/Python/Resource: error SCHEMA_VALIDATION_FAILED: The resource provided ", done.stderr)


YAML = """StartAt: Greet
States:
  Greet: &greet
    Type: Pass
    Result: ${Greeting}
    Next: Again
  Again:
    <<: *greet
    Next: Done
  Done: {Type: Succeed}
"""


class Definitions(CommandCase):
    def test_yaml_runs_with_substitutions(self):
        file, values = self.write("m.yaml", YAML), self.write("values.yaml", "Greeting: {text: hello}\n")
        done = pawl("run", "--quiet", "--substitutions", values, file)
        self.assertEqual((done.returncode, done.stdout.strip()), (0, '{"text":"hello"}'), done.stderr)

    def test_yaml_is_drawn(self):
        done = pawl("graph", self.write("m.yml", YAML))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("flowchart TD"))

    def test_standard_input_may_be_yaml(self):
        self.assertEqual(pawl("validate", "-", text=YAML).stdout, "-: no problems\n")

    def test_formats_say_the_same(self):
        file = self.write("wrong file.json", '{"StartAt": "A",\n "States": {"A": {"Type": "Pas"}, "B": {"Type": "Wait", "Seconds": -1, "End": true}}}')
        lines = pawl("validate", file).stdout.splitlines()
        found = json.loads(pawl("validate", "--format", "json", file).stdout)
        log = json.loads(pawl("validate", "--format", "sarif", file).stdout)
        places = [(entry["line"], entry["column"]) for entry in found]
        self.assertEqual([f"{file}:{line}:{column}" for line, column in places],
                         [line.split(" error ")[0].rstrip(":") for line in lines if " error " in line])
        self.assertEqual(log["version"], "2.1.0")
        run = log["runs"][0]
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        self.assertEqual(len(run["results"]), len(found))
        for result, entry in zip(run["results"], found):
            place = result["locations"][0]["physicalLocation"]
            self.assertEqual((place["region"]["startLine"], place["region"]["startColumn"]), (entry["line"], entry["column"]))
            self.assertTrue(place["artifactLocation"]["uri"].endswith("/wrong%20file.json"))
            self.assertEqual(rules[result["ruleIndex"]], result["ruleId"])
            self.assertEqual(result["ruleId"], entry["code"])
            self.assertIn(result["level"], ("error", "warning"))
            self.assertTrue(result["message"]["text"].startswith(entry["message"]))

    def test_sarif_of_what_is_in_order(self):
        log = json.loads(pawl("validate", "--format", "sarif", self.write("m.yaml", YAML)).stdout)
        self.assertEqual(log["runs"][0]["results"], [])
        self.assertEqual(log["runs"][0]["tool"]["driver"]["name"], "pawl")


if __name__ == "__main__":
    unittest.main()
