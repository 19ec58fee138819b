// The state machines that the browser tests look at.
import path from "node:path";
import {fileURLToPath} from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

export const script = "<script>window.hacked=1</script>";
export const image = "<img src=x onerror=\"window.hacked=1\">";

const task = (name, more) => ({Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: {FunctionName: name, "Payload.$": "$"}, ...more});

// Of everything: a Choice, a Parallel, a Map, a retry, an error that is caught, variables.
export const shop = {
  StartAt: "Check",
  States: {
    Check: {Type: "Choice", Choices: [{Variable: "$.items[0]", IsPresent: true, Next: "Prepare"}], Default: "Nothing to do"},
    Prepare: {Type: "Pass", Assign: {"first.$": "$.list[0]"}, InputPath: "$.items", Parameters: {"list.$": "$", note: "prepared"}, ResultPath: "$.prepared", Next: "Both"},
    Both: {
      Type: "Parallel", ResultPath: "$.both", Next: "Each",
      Branches: [
        {StartAt: "Charge", States: {Charge: task("flaky", {Retry: [{ErrorEquals: ["Again"], IntervalSeconds: 1, MaxAttempts: 2}], ResultSelector: {"charged.$": "$.Payload"}, End: true})}},
        {StartAt: "Pause", States: {Pause: {Type: "Wait", Seconds: 1, Next: "Note"}, Note: {Type: "Pass", End: true}}},
      ],
    },
    Each: {
      Type: "Map", ItemsPath: "$.items", ResultPath: "$.packed", Next: "Ship",
      ItemProcessor: {StartAt: "Good?", States: {
        "Good?": {Type: "Choice", Choices: [{Variable: "$", NumericGreaterThan: 0, Next: "Pack"}], Default: "Skip"},
        Pack: {Type: "Pass", End: true},
        Skip: {Type: "Pass", Result: "skipped", End: true},
      }},
    },
    Ship: task("broken", {Catch: [{ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Apologise"}], Next: "Done"}),
    Apologise: {Type: "Pass", Next: "Done"},
    Done: {Type: "Succeed"},
    "Nothing to do": {Type: "Fail", Error: "NothingToDo", Cause: "the list is empty"},
  },
};

export const hostile = {StartAt: script, States: {[script]: {Type: "Pass", Result: {[image]: script}, Next: image}, [image]: {Type: "Fail", Error: script, Cause: image}}};
export const live = {StartAt: "Ask", States: {Ask: {...task("ask", {}), Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Parameters: {FunctionName: "ask", Payload: {"token.$": "$$.Task.Token"}}, Next: "After"}, After: {Type: "Pass", End: true}}};
export const sleeper = {StartAt: "Sleep", States: {Sleep: {Type: "Wait", Seconds: 3600, End: true}}};
export const many = {StartAt: "Items", States: {Items: {Type: "Map", ItemsPath: "$", End: true, ItemProcessor: {StartAt: "One", States: {One: {Type: "Pass", End: true}}}}}};

export const spread = {StartAt: "Each", States: {Each: {Type: "Map", Label: "Each", ToleratedFailureCount: 1, End: true, ItemProcessor: {
  ProcessorConfig: {Mode: "DISTRIBUTED", ExecutionType: "STANDARD"}, StartAt: "Good?", States: {
    "Good?": {Type: "Choice", Choices: [{Variable: "$", NumericGreaterThan: 0, Next: "Pack"}], Default: "No"},
    Pack: {Type: "Pass", End: true}, No: {Type: "Fail", Error: "Negative", Cause: "below zero"}}}}}};

// Higher than a screen, and its last state fails, by an event that names it but follows the one before.
export function tall(steps) {
  const States = {Compute: {Type: "Pass", QueryLanguage: "JSONata", Output: "{% $nothing + 1 %}", End: true}};
  for (let i = 1; i <= steps; i++) States[`Step ${i}`] = {Type: "Pass", Next: i === steps ? "Compute" : `Step ${i + 1}`};
  return {StartAt: "Step 1", States};
}

export function large(size) {
  const States = {};
  for (let i = 0; i < size; i++) {
    States[`State ${i}`] = i % 10 === 0 && i < size - 20
      ? {Type: "Choice", Choices: [1, 2, 3].map((n) => ({Variable: "$.n", NumericEquals: n, Next: `State ${i + n * 4}`})), Default: `State ${i + 1}`}
      : {...(i === size - 1 ? {End: true} : {Next: `State ${i + 1}`}), Type: "Pass"};
  }
  return {StartAt: "State 0", States};
}

const node_host = path.join(here, "..", "..", "examples", "runtime", "node_host.js");
export const functions = Object.fromEntries(["flaky", "broken", "ask"].map((name) =>
  [name, {command: [process.execPath, node_host, path.join(here, "functions", `${name}.cjs`)], timeout_seconds: 20, max_concurrency: 2}]));
