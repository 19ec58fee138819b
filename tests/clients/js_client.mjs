// AWS's JavaScript client against the endpoint that the command line names. Unlike Python's it checks nothing before it
// sends, so what it is refused, the server has refused.
import assert from "node:assert/strict";
import * as aws from "@aws-sdk/client-sfn";

const endpoint = process.argv[2];
const client = new aws.SFNClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  disableHostPrefix: true, // StartSyncExecution would go to sync-127.0.0.1
  maxAttempts: 1,
});
const send = (name, input = {}) => client.send(new aws[name + "Command"](input));
const roleArn = "arn:aws:iam::000000000000:role/test";
const pass = (result) => JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", Result: result, End: true } } });
const waits = (seconds) =>
  JSON.stringify({ StartAt: "W", States: { W: { Type: "Wait", Seconds: seconds, Next: "E" }, E: { Type: "Succeed" } } });
const create = (name, more = {}) => send("CreateStateMachine", { name, definition: pass(1), roleArn, ...more });

async function refused(type, name, input, more = {}) {
  let answer;
  try {
    answer = await send(name, input);
  } catch (error) {
    assert.equal(error.name, type, `${name} ${JSON.stringify(input)}: ${error.message}`);
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.ok(error.message, "an error has a text");
    for (const [member, value] of Object.entries(more)) assert.equal(error[member], value, member);
    return error;
  }
  assert.fail(`${name} ${JSON.stringify(input)} was to be refused with ${type}, but gave ${JSON.stringify(answer)}`);
}

async function ended(executionArn) {
  for (let i = 0; i < 300; i++) {
    const description = await send("DescribeExecution", { executionArn });
    if (description.status !== "RUNNING") return description;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${executionArn} does not end`);
}

const nowhere = "arn:aws:states:us-east-1:000000000000:stateMachine:nowhere";
const tests = {
  async "versions are numbered and keep what they were"() {
    const { stateMachineArn } = await create("versioned");
    const first = await send("PublishStateMachineVersion", { stateMachineArn, description: "one" });
    assert.equal(first.stateMachineVersionArn, stateMachineArn + ":1");
    assert.deepEqual((await send("PublishStateMachineVersion", { stateMachineArn })).creationDate, first.creationDate);
    const updated = await send("UpdateStateMachine", { stateMachineArn, definition: pass(2), publish: true });
    assert.equal(updated.stateMachineVersionArn, stateMachineArn + ":2");
    const { stateMachineVersions } = await send("ListStateMachineVersions", { stateMachineArn });
    assert.deepEqual(stateMachineVersions.map((v) => v.stateMachineVersionArn.split(":").at(-1)), ["2", "1"]);
    const described = await send("DescribeStateMachine", { stateMachineArn: stateMachineArn + ":1" });
    assert.equal(described.definition, pass(1));
    assert.equal(described.description, "one");
    const execution = await send("StartExecution", { stateMachineArn: stateMachineArn + ":1" });
    const end = await ended(execution.executionArn);
    assert.equal(end.output, "1");
    assert.equal(end.stateMachineVersionArn, stateMachineArn + ":1");
    assert.equal(end.stateMachineArn, stateMachineArn);
  },
  async "versions are refused with typed errors"() {
    const { stateMachineArn } = await create("versioned-errors", { publish: true });
    await refused("ConflictException", "PublishStateMachineVersion", { stateMachineArn, revisionId: "other" });
    await send("PublishStateMachineVersion", { stateMachineArn, revisionId: "INITIAL" });
    await refused("StateMachineDoesNotExist", "PublishStateMachineVersion", { stateMachineArn: nowhere });
    await refused("StateMachineDoesNotExist", "DescribeStateMachine", { stateMachineArn: stateMachineArn + ":9" });
    await refused("StateMachineDoesNotExist", "StartExecution", { stateMachineArn: stateMachineArn + ":9" });
    await refused("InvalidArn", "PublishStateMachineVersion", { stateMachineArn: "nonsense" });
    await refused("InvalidArn", "ListStateMachineVersions", { stateMachineArn: "nonsense" });
    await refused("InvalidToken", "ListStateMachineVersions", { stateMachineArn, nextToken: "garbage" });
    await refused("ValidationException", "DeleteStateMachineVersion", { stateMachineVersionArn: stateMachineArn });
    await refused("ValidationException", "CreateStateMachine", { name: "d", definition: pass(1), roleArn, versionDescription: "x" });
    await refused("ValidationException", "PublishStateMachineVersion", { stateMachineArn: stateMachineArn + "/label" },
      { reason: "API_DOES_NOT_SUPPORT_LABELED_ARNS" });
  },
  async "aliases route by weight"() {
    const { stateMachineArn } = await create("routed", { publish: true });
    await send("UpdateStateMachine", { stateMachineArn, definition: pass(2), publish: true });
    const route = (version, weight) => ({ stateMachineVersionArn: `${stateMachineArn}:${version}`, weight });
    const { stateMachineAliasArn } = await send("CreateStateMachineAlias", { name: "PROD", routingConfiguration: [route(1, 100), route(2, 0)] });
    assert.equal(stateMachineAliasArn, stateMachineArn + ":PROD");
    const outputs = new Set();
    for (let i = 0; i < 5; i++) outputs.add((await ended((await send("StartExecution", { stateMachineArn: stateMachineAliasArn })).executionArn)).output);
    assert.deepEqual([...outputs], ["1"]);
    await send("UpdateStateMachineAlias", { stateMachineAliasArn, description: "half", routingConfiguration: [route(1, 50), route(2, 50)] });
    for (let i = 0; i < 40 && outputs.size < 2; i++) {
      const { executionArn } = await send("StartExecution", { stateMachineArn: stateMachineAliasArn });
      const end = await ended(executionArn);
      assert.equal(end.stateMachineAliasArn, stateMachineAliasArn);
      assert.equal(end.stateMachineVersionArn, `${stateMachineArn}:${end.output}`);
      outputs.add(end.output);
    }
    assert.equal(outputs.size, 2, "both versions were run");
    const described = await send("DescribeStateMachineAlias", { stateMachineAliasArn });
    assert.equal(described.description, "half");
    assert.deepEqual(described.routingConfiguration, [route(1, 50), route(2, 50)]);
    const listed = await send("ListStateMachineAliases", { stateMachineArn: stateMachineArn + ":2" });
    assert.deepEqual(listed.stateMachineAliases.map((a) => a.stateMachineAliasArn), [stateMachineAliasArn]);
    const byAlias = await send("ListExecutions", { stateMachineArn: stateMachineAliasArn });
    assert.ok(byAlias.executions.length > 5);
    await refused("ConflictException", "DeleteStateMachineVersion", { stateMachineVersionArn: stateMachineArn + ":1" });
    await send("DeleteStateMachineAlias", { stateMachineAliasArn });
    await send("DeleteStateMachineVersion", { stateMachineVersionArn: stateMachineArn + ":1" });
    await refused("ResourceNotFound", "DescribeStateMachineAlias", { stateMachineAliasArn });
    await refused("StateMachineDoesNotExist", "StartExecution", { stateMachineArn: stateMachineAliasArn });
  },
  async "aliases are refused with typed errors"() {
    const { stateMachineArn } = await create("routed-errors", { publish: true });
    const one = { stateMachineVersionArn: stateMachineArn + ":1", weight: 100 };
    await send("CreateStateMachineAlias", { name: "A", routingConfiguration: [one] });
    await send("CreateStateMachineAlias", { name: "A", routingConfiguration: [one] }); // the same again
    await refused("ConflictException", "CreateStateMachineAlias", { name: "A", description: "another", routingConfiguration: [one] });
    await refused("ResourceNotFound", "CreateStateMachineAlias", { name: "B", routingConfiguration: [{ ...one, stateMachineVersionArn: stateMachineArn + ":7" }] });
    await refused("ResourceNotFound", "CreateStateMachineAlias", { name: "B", routingConfiguration: [{ ...one, stateMachineVersionArn: nowhere + ":1" }] });
    await refused("ValidationException", "CreateStateMachineAlias", { name: "B", routingConfiguration: [{ ...one, weight: 99 }] },
      { reason: "INVALID_ROUTING_CONFIGURATION" });
    for (const name of ["7", "", "a b", "x".repeat(81), undefined]) {
      await refused("ValidationException", "CreateStateMachineAlias", { name, routingConfiguration: [one] });
    }
    for (const routingConfiguration of [undefined, [], [{}], [{ stateMachineVersionArn: stateMachineArn + ":1" }], [one, one, one]]) {
      await refused("ValidationException", "CreateStateMachineAlias", { name: "B", routingConfiguration });
    }
    await refused("InvalidArn", "CreateStateMachineAlias", { name: "B", routingConfiguration: [{ ...one, stateMachineVersionArn: "nonsense" }] });
    await refused("ValidationException", "UpdateStateMachineAlias", { stateMachineAliasArn: stateMachineArn + ":A" });
    await refused("ResourceNotFound", "UpdateStateMachineAlias", { stateMachineAliasArn: stateMachineArn + ":B", description: "x" });
    await refused("StateMachineDoesNotExist", "ListStateMachineAliases", { stateMachineArn: nowhere });
    await refused("InvalidToken", "ListStateMachineAliases", { stateMachineArn, nextToken: "garbage" });
    const { stateMachineAliases } = await send("ListStateMachineAliases", { stateMachineArn });
    assert.equal(stateMachineAliases.length, 1, "nothing changed");
  },
  async "tags are kept, replaced and taken away"() {
    const { stateMachineArn: resourceArn } = await create("tagged", { tags: [{ key: "team", value: "red" }] });
    await send("TagResource", { resourceArn, tags: [{ key: "team", value: "blue" }, { key: "empty", value: "" }] });
    const tags = async () => Object.fromEntries((await send("ListTagsForResource", { resourceArn })).tags.map((t) => [t.key, t.value]));
    assert.deepEqual(await tags(), { team: "blue", empty: "" });
    await send("UntagResource", { resourceArn, tagKeys: ["team", "never"] });
    assert.deepEqual(await tags(), { empty: "" });
    const many = (n) => Array.from({ length: n }, (_, i) => ({ key: `k${i}`, value: "v" }));
    await refused("TooManyTags", "TagResource", { resourceArn, tags: many(50) }, { resourceName: resourceArn });
    await refused("TooManyTags", "CreateStateMachine", { name: "t", definition: pass(1), roleArn, tags: many(51) });
    await refused("ValidationException", "TagResource", { resourceArn, tags: [{ key: "aws:x", value: "v" }] });
    await refused("ValidationException", "TagResource", { resourceArn, tags: [{ key: "x".repeat(129), value: "v" }] });
    await refused("ValidationException", "TagResource", { resourceArn, tags: [{ key: "k", value: "x".repeat(257) }] });
    await refused("ValidationException", "TagResource", { resourceArn });
    await refused("ValidationException", "UntagResource", { resourceArn });
    await refused("ValidationException", "UntagResource", { resourceArn, tagKeys: ["x".repeat(129)] });
    await refused("ResourceNotFound", "TagResource", { resourceArn: nowhere, tags: [] }, { resourceName: nowhere });
    await refused("ResourceNotFound", "ListTagsForResource", { resourceArn: nowhere });
    await refused("InvalidArn", "UntagResource", { resourceArn: "nonsense", tagKeys: [] });
    assert.deepEqual(await tags(), { empty: "" });
  },
  async "an Express execution is answered with its end"() {
    const { stateMachineArn } = await create("express", { type: "EXPRESS" });
    const answer = await send("StartSyncExecution", { stateMachineArn, name: "run", input: '{"a":1}', traceHeader: "Root=1" });
    assert.match(answer.executionArn, /:express:express:run:[0-9a-f-]{36}$/);
    assert.equal(answer.status, "SUCCEEDED");
    assert.equal(answer.output, "1");
    assert.equal(answer.input, '{"a":1}');
    assert.equal(answer.traceHeader, "Root=1");
    assert.equal(answer.billingDetails.billedMemoryUsedInMB, 64);
    assert.equal(answer.billingDetails.billedDurationInMilliseconds % 100, 0);
    const again = await send("StartSyncExecution", { stateMachineArn, name: "run", includedData: "METADATA_ONLY" });
    assert.notEqual(again.executionArn, answer.executionArn);
    assert.equal(again.output, undefined);
    assert.deepEqual(again.outputDetails, { included: false });
    const fail = JSON.stringify({ StartAt: "F", States: { F: { Type: "Fail", Error: "E", Cause: "C" } } });
    const failing = await create("express-fails", { type: "EXPRESS", definition: fail });
    const failed = await send("StartSyncExecution", { stateMachineArn: failing.stateMachineArn });
    assert.deepEqual([failed.status, failed.error, failed.cause], ["FAILED", "E", "C"]);
    const slow = await create("express-slow", { type: "EXPRESS",
      definition: JSON.stringify({ TimeoutSeconds: 1, StartAt: "W", States: { W: { Type: "Wait", Seconds: 60, End: true } } }) });
    const timedOut = await send("StartSyncExecution", { stateMachineArn: slow.stateMachineArn });
    assert.deepEqual([timedOut.status, timedOut.error], ["TIMED_OUT", "States.Timeout"]);
  },
  async "Express and Standard refuse what the other does"() {
    const express = (await create("express-only", { type: "EXPRESS" })).stateMachineArn;
    const standard = (await create("standard-only")).stateMachineArn;
    await refused("StateMachineTypeNotSupported", "StartSyncExecution", { stateMachineArn: standard });
    await refused("StateMachineTypeNotSupported", "ListExecutions", { stateMachineArn: express });
    const { executionArn } = await send("StartExecution", { stateMachineArn: express });
    for (const name of ["DescribeExecution", "StopExecution", "GetExecutionHistory", "DescribeStateMachineForExecution"]) {
      await refused("InvalidArn", name, { executionArn });
    }
    const activity = JSON.stringify({ StartAt: "T", States: { T: { Type: "Task", Resource: "arn:aws:states:us-east-1:000000000000:activity:a", End: true } } });
    await refused("InvalidDefinition", "CreateStateMachine", { name: "x", definition: activity, roleArn, type: "EXPRESS" });
    await refused("InvalidExecutionInput", "StartSyncExecution", { stateMachineArn: express, input: "{" });
    await refused("InvalidName", "StartSyncExecution", { stateMachineArn: express, name: "a*b" });
    await refused("StateMachineDoesNotExist", "StartSyncExecution", { stateMachineArn: nowhere });
    await refused("InvalidArn", "StartSyncExecution", { stateMachineArn: "nonsense" });
  },
  async "configurations are checked, kept and given back"() {
    const destinations = [{ cloudWatchLogsLogGroup: { logGroupArn: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/js:*" } }];
    const loggingConfiguration = { level: "ERROR", includeExecutionData: true, destinations };
    const { stateMachineArn } = await create("configured", { loggingConfiguration, tracingConfiguration: { enabled: true } });
    const described = await send("DescribeStateMachine", { stateMachineArn });
    assert.deepEqual(described.loggingConfiguration, loggingConfiguration);
    assert.deepEqual(described.tracingConfiguration, { enabled: true });
    await refused("InvalidLoggingConfiguration", "CreateStateMachine", { name: "l", definition: pass(1), roleArn, loggingConfiguration: { level: "ALL" } });
    await refused("ValidationException", "CreateStateMachine", { name: "l", definition: pass(1), roleArn, loggingConfiguration: { level: "SOME" } });
    await refused("InvalidEncryptionConfiguration", "CreateStateMachine",
      { name: "l", definition: pass(1), roleArn, encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: "k" } });
  },
  async "a machine whose executions run is deleted when they are done"() {
    const { stateMachineArn } = await create("going", { definition: waits(1), publish: true });
    const { executionArn } = await send("StartExecution", { stateMachineArn });
    await send("DeleteStateMachine", { stateMachineArn });
    assert.equal((await send("DescribeStateMachine", { stateMachineArn })).status, "DELETING");
    await refused("StateMachineDeleting", "StartExecution", { stateMachineArn });
    await refused("StateMachineDeleting", "CreateStateMachine", { name: "going", definition: pass(1), roleArn });
    await refused("StateMachineDeleting", "UpdateStateMachine", { stateMachineArn, definition: pass(1) });
    await refused("StateMachineDeleting", "PublishStateMachineVersion", { stateMachineArn });
    await refused("StateMachineDeleting", "ListStateMachineAliases", { stateMachineArn });
    await send("DeleteStateMachine", { stateMachineArn });
    assert.equal((await ended(executionArn)).status, "ABORTED");
    await refused("StateMachineDoesNotExist", "DescribeStateMachine", { stateMachineArn });
    await create("going");
  },
  async "every member may be missing, null or of another type"() {
    const { stateMachineArn } = await create("robust", { publish: true });
    const full = {
      CreateStateMachine: { name: "never", definition: pass(1), roleArn },
      PublishStateMachineVersion: { stateMachineArn },
      ListStateMachineVersions: { stateMachineArn },
      DeleteStateMachineVersion: { stateMachineVersionArn: stateMachineArn + ":1" },
      CreateStateMachineAlias: { name: "NEVER", routingConfiguration: [{ stateMachineVersionArn: stateMachineArn + ":1", weight: 100 }] },
      UpdateStateMachineAlias: { stateMachineAliasArn: stateMachineArn + ":A", description: "x" },
      DescribeStateMachineAlias: { stateMachineAliasArn: stateMachineArn + ":A" },
      DeleteStateMachineAlias: { stateMachineAliasArn: stateMachineArn + ":A" },
      ListStateMachineAliases: { stateMachineArn },
      TagResource: { resourceArn: stateMachineArn, tags: [{ key: "k", value: "v" }] },
      UntagResource: { resourceArn: stateMachineArn, tagKeys: ["k"] },
      ListTagsForResource: { resourceArn: stateMachineArn },
      StartSyncExecution: { stateMachineArn },
    };
    const call = async (name, body) => {
      const answer = await fetch(endpoint, { method: "POST", body: JSON.stringify(body),
        headers: { "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AWSStepFunctions." + name } });
      return { status: answer.status, document: await answer.json() };
    };
    for (const [name, input] of Object.entries(full)) {
      for (const member of Object.keys(input)) {
        for (const value of [undefined, null]) {
          const { status, document } = await call(name, { ...input, [member]: value });
          assert.equal(status, 400, `${name} without ${member}`);
          assert.match(document.__type, /^ValidationException$/, `${name} without ${member}`);
        }
        for (const value of [7, true, { a: 1 }, [[]]]) {
          const { status, document } = await call(name, { ...input, [member]: value });
          assert.equal(status, 400, `${name} with ${member}: ${JSON.stringify(value)}`);
          assert.equal(document.__type, "SerializationException", `${name} with ${member}: ${JSON.stringify(value)}: ${document.message}`);
        }
      }
    }
    assert.equal((await send("ListStateMachineVersions", { stateMachineArn })).stateMachineVersions.length, 1);
    assert.deepEqual((await send("ListTagsForResource", { resourceArn: stateMachineArn })).tags, []);
  },
};

let passed = 0, failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    passed++;
  } catch (error) {
    failed++;
    console.error(`FAIL ${name}\n${error.stack}\n`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
