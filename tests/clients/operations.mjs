// Sends the cases of a file by AWS's JavaScript client: node operations.mjs ENDPOINT CASES.json. Says what failed, and how many did.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as aws from "@aws-sdk/client-sfn";

const [endpoint, file] = process.argv.slice(2);
const client = new aws.SFNClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  disableHostPrefix: true, // StartSyncExecution and TestState would go to sync-127.0.0.1
  maxAttempts: 1,
});

async function check({ operation, error, input, gives }) {
  let answer, raised;
  try {
    answer = await client.send(new aws[operation + "Command"](input));
  } catch (caught) {
    answer = raised = caught;
  }
  if (error === null) {
    if (raised) throw raised;
    assert.equal(answer.$metadata.httpStatusCode, 200);
  } else {
    assert.ok(raised, `was to raise ${error}, but gave ${JSON.stringify(answer)}`);
    assert.equal(raised.name, error, raised.message);
    // An exception of the model has a class of its own; what is only sent has the common one.
    const type = aws[error];
    assert.ok(type && raised instanceof type, `${error} is no ${error}`);
    assert.equal(raised.$metadata.httpStatusCode, 400);
    assert.ok(raised.message, "an error has a text");
  }
  for (const [member, value] of Object.entries(gives)) assert.deepEqual(answer[member], value, member);
}

let passed = 0, failed = 0;
for (const one of JSON.parse(readFileSync(file, "utf8"))) {
  try {
    await check(one);
    passed++;
  } catch (error) {
    failed++;
    console.log(`${one.operation} (${one.error ?? "success"}): ${error.stack}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
