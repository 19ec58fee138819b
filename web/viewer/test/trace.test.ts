// Histories as the server gives them, and what is read from them.
import assert from "node:assert/strict";
import {test} from "node:test";
import type {HistoryEvent} from "../src/api/types.ts";
import {processorText, readGraph} from "../src/asl/definition.ts";
import {attentionVisit, failedVisit} from "../src/trace/attention.ts";
import {makeOverlay} from "../src/trace/overlay.ts";
import {Trace} from "../src/trace/trace.ts";

// [id, previous, type, details]; each event is a second after the one before.
type Short = [number, number, string, Record<string, unknown>?];

function traceOf(...events: Short[]): Trace {
  const trace = new Trace();
  trace.add(events.map(([id, previousEventId, type, details]): HistoryEvent => ({
    timestamp: id, type, id, previousEventId, ...(details && {someEventDetails: details}),
  })));
  return trace;
}
const statuses = (trace: Trace) => trace.visits.map((visit) => `${visit.state}: ${visit.status}`);
const error = {error: "E", cause: "because"};

test("a retried task is one visit with several attempts", () => {
  const trace = traceOf([1, 0, "ExecutionStarted", {input: "{}"}], [2, 0, "TaskStateEntered", {name: "T", input: "{}"}],
    [3, 2, "LambdaFunctionScheduled", {input: "1"}], [4, 3, "LambdaFunctionStarted"], [5, 4, "LambdaFunctionFailed", error],
    [6, 5, "LambdaFunctionScheduled", {input: "1"}], [7, 6, "LambdaFunctionStarted"], [8, 7, "LambdaFunctionSucceeded", {output: "2"}],
    [9, 8, "TaskStateExited", {name: "T", output: "2"}], [10, 9, "ExecutionSucceeded", {output: "2"}]);
  assert.deepEqual(statuses(trace), ["T: succeeded"]);
  const [visit] = trace.visits;
  assert.deepEqual(visit!.attempts.map((attempt) => [attempt.number, attempt.status]), [[1, "failed"], [2, "succeeded"]]);
  assert.equal(visit!.failure, null);
  assert.equal(makeOverlay(trace, new Map()).states.get("T")!.retries, 1);
  assert.deepEqual([...makeOverlay(trace, new Map()).ended], ["T"]);
});

test("an error that was caught leads along the catch", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "TaskStateEntered", {name: "T"}], [3, 2, "TaskScheduled"], [4, 3, "TaskFailed", error],
    [5, 4, "TaskStateExited", {name: "T", output: "{}"}], [6, 5, "PassStateEntered", {name: "P"}], [7, 6, "PassStateExited", {name: "P"}], [8, 7, "ExecutionSucceeded"]);
  assert.deepEqual(statuses(trace), ["T: caught", "P: succeeded"]);
  assert.deepEqual([...makeOverlay(trace, new Map()).taken], ["T\nP\ncatch"]);
});

test("branches are told apart by the chain of events", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "ParallelStateEntered", {name: "F"}], [3, 2, "ParallelStateStarted"],
    [4, 3, "PassStateEntered", {name: "A"}], [5, 3, "TaskStateEntered", {name: "B"}], [6, 5, "TaskScheduled"], [7, 4, "PassStateExited", {name: "A"}],
    [8, 7, "PassStateEntered", {name: "A2"}], [9, 8, "PassStateExited", {name: "A2", output: "1"}], [10, 6, "TaskFailed", error], [11, 10, "TaskStateAborted"],
    [12, 10, "ParallelStateFailed"], [13, 12, "ExecutionFailed", error]);
  assert.deepEqual(statuses(trace), ["F: failed", "A: succeeded", "B: failed", "A2: succeeded"]);
  const fork = trace.visits[0]!;
  assert.deepEqual(fork.children.map((scope) => scope.visits.map((visit) => visit.state)), [["A", "A2"], ["B"]]);
  assert.equal(trace.visits[3]!.previous, trace.visits[1]);
  assert.equal(fork.failure!.error, "E");
});

test("iterations can be picked, also of a Map within a Map", () => {
  const events: Short[] = [[1, 0, "ExecutionStarted"], [2, 0, "MapStateEntered", {name: "M"}], [3, 2, "MapStateStarted", {length: 2}]];
  let id = 3;
  for (const outer of [0, 1]) {
    const start = ++id;
    events.push([start, 3, "MapIterationStarted", {name: "M", index: outer}], [++id, start, "MapStateEntered", {name: "N"}], [++id, start + 1, "MapStateStarted", {length: 1}]);
    events.push([++id, start + 2, "MapIterationStarted", {name: "N", index: 0}], [++id, start + 3, "PassStateEntered", {name: "P"}], [++id, start + 4, "PassStateExited", {name: "P", output: `${outer}`}],
      [++id, start + 5, "MapIterationSucceeded", {name: "N", index: 0}], [++id, start + 6, "MapStateSucceeded"], [++id, start + 7, "MapStateExited", {name: "N"}],
      [++id, start + 8, "MapIterationSucceeded", {name: "M", index: outer}]);
  }
  events.push([id + 1, id, "MapStateSucceeded"], [id + 2, id + 1, "MapStateExited", {name: "M"}], [id + 3, id + 2, "ExecutionSucceeded"]);
  const trace = traceOf(...events);
  assert.deepEqual(statuses(trace), ["M: succeeded", "N: succeeded", "P: succeeded", "N: succeeded", "P: succeeded"]);
  assert.equal(makeOverlay(trace, new Map()).states.get("P")!.visits.length, 2);
  const picked = makeOverlay(trace, new Map([["M", 1]])).states.get("P")!.visits;
  assert.deepEqual(picked.map((visit) => visit.output), ["1"]);
});

test("a Map without items, and a state after it", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "MapStateEntered", {name: "M"}], [3, 2, "MapStateStarted", {length: 0}], [4, 3, "MapStateSucceeded"],
    [5, 4, "MapStateExited", {name: "M", output: "[]"}], [6, 5, "SucceedStateEntered", {name: "S"}], [7, 6, "SucceedStateExited", {name: "S"}], [8, 7, "ExecutionSucceeded"]);
  assert.deepEqual(statuses(trace), ["M: succeeded", "S: succeeded"]);
});

test("a Parallel in a Parallel that fails takes the outer one with it", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "ParallelStateEntered", {name: "O"}], [3, 2, "ParallelStateStarted"], [4, 3, "ParallelStateEntered", {name: "I"}],
    [5, 4, "ParallelStateStarted"], [6, 5, "FailStateEntered", {name: "X"}], [7, 6, "ParallelStateFailed"], [8, 7, "ParallelStateAborted"], [9, 7, "ParallelStateFailed"],
    [10, 9, "ExecutionFailed", error]);
  assert.deepEqual(statuses(trace), ["O: failed", "I: failed", "X: failed"]);
});

test("what runs when an execution is stopped was aborted", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "WaitStateEntered", {name: "W"}], [3, 2, "WaitStateAborted"], [4, 3, "ExecutionAborted", error]);
  assert.deepEqual(statuses(trace), ["W: aborted"]);
  assert.equal(trace.status, "aborted");
});

test("a branch that fails aborts the others by their type", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "ParallelStateEntered", {name: "F"}], [3, 2, "ParallelStateStarted"],
    [4, 3, "TaskStateEntered", {name: "A"}], [5, 4, "TaskScheduled"], [6, 3, "TaskStateEntered", {name: "B"}], [7, 6, "TaskScheduled"],
    [8, 5, "TaskFailed", error], [9, 8, "TaskStateAborted"], [10, 8, "TaskStateAborted"], [11, 8, "ParallelStateFailed"], [12, 11, "ExecutionFailed", error]);
  assert.deepEqual(statuses(trace), ["F: failed", "A: failed", "B: aborted"]);
  assert.equal(trace.visitOf(trace.event(10)!)!.state, "B");
});

test("a Map in distributed mode knows its runs, and that its states ran elsewhere", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "MapStateEntered", {name: "M"}], [3, 2, "MapStateStarted"], [4, 3, "MapRunStarted", {mapRunArn: "run-1"}],
    [5, 4, "MapRunFailed", error], [6, 5, "MapStateStarted"], [7, 6, "MapRunStarted", {mapRunArn: "run-2"}], [8, 7, "MapRunSucceeded"], [9, 8, "MapStateSucceeded"],
    [10, 9, "MapStateExited", {name: "M", output: "[]"}], [11, 10, "ExecutionSucceeded"]);
  assert.deepEqual(statuses(trace), ["M: succeeded"]);
  assert.deepEqual(trace.visits[0]!.mapRuns, ["run-1", "run-2"]);
  const inner = {StartAt: "P", States: {P: {Type: "Parallel", End: true, Branches: [{StartAt: "Q", States: {Q: {Type: "Pass", End: true}}}]}}};
  const graph = readGraph({StartAt: "M", States: {M: {Type: "Map", End: true, ItemProcessor: inner}}});
  assert.deepEqual([...makeOverlay(trace, new Map(), graph).elsewhere], [["P", "M"], ["Q", "M"]]);
  assert.deepEqual(JSON.parse(processorText(JSON.stringify({States: {M: {Type: "Map", ItemProcessor: inner}}}), "M")!), inner);
});

test("variables are known before and after each state", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "PassStateEntered", {name: "A"}], [3, 2, "PassStateExited", {name: "A", assignedVariables: {x: "1"}}],
    [4, 3, "PassStateEntered", {name: "B"}], [5, 4, "PassStateExited", {name: "B", assignedVariables: {y: "2"}}]);
  assert.deepEqual(trace.visits.map((visit) => [visit.variablesBefore, visit.variablesAfter]), [[{}, {x: "1"}], [{x: "1"}, {x: "1", y: "2"}]]);
});

test("a redriven execution goes on in the visit that failed", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "TaskStateEntered", {name: "T"}], [3, 2, "TaskScheduled"], [4, 3, "TaskFailed", error], [5, 4, "ExecutionFailed", error],
    [6, 5, "ExecutionRedriven"], [7, 6, "TaskScheduled"]);
  assert.deepEqual(statuses(trace), ["T: running"]);
  assert.equal(trace.status, "running");
  trace.add([{timestamp: 8, id: 8, previousEventId: 7, type: "TaskSucceeded"}, {timestamp: 9, id: 9, previousEventId: 8, type: "TaskStateExited", d_EventDetails: {name: "T"}},
    {timestamp: 10, id: 10, previousEventId: 9, type: "ExecutionSucceeded"}].map((event) => event as HistoryEvent));
  assert.deepEqual(statuses(trace), ["T: succeeded"]);
  assert.equal(trace.visits[0]!.attempts.length, 2);
});

test("a redrive goes on in the branches that fell, and leaves what was done", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "ParallelStateEntered", {name: "F"}], [3, 2, "ParallelStateStarted"], [4, 3, "PassStateEntered", {name: "A"}],
    [5, 4, "PassStateExited", {name: "A", output: "1"}], [6, 3, "TaskStateEntered", {name: "B"}], [7, 6, "TaskScheduled"], [8, 7, "TaskFailed", error], [9, 8, "TaskStateAborted"],
    [10, 8, "ParallelStateFailed"], [11, 10, "ExecutionFailed", error], [12, 11, "ExecutionRedriven"], [13, 7, "TaskScheduled"]);
  assert.deepEqual(statuses(trace), ["F: running", "A: succeeded", "B: running"]);
  trace.add([[14, 13, "TaskSucceeded", {output: "2"}], [15, 14, "TaskStateExited", {name: "B", output: "2"}], [16, 15, "ParallelStateSucceeded"], [17, 16, "ParallelStateExited", {name: "F"}],
    [18, 17, "ExecutionSucceeded"]].map(([id, previousEventId, type, details]) => ({timestamp: id, type, id, previousEventId, aEventDetails: details ?? {}}) as HistoryEvent));
  assert.deepEqual(statuses(trace), ["F: succeeded", "A: succeeded", "B: succeeded"]);
});

test("an evaluation that fails is its own state's, though it follows the one before", () => {
  const undefinedVariable = {state: "B", location: "Output", error: "States.QueryEvaluationError", cause: "no such variable"};
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "PassStateEntered", {name: "A"}], [3, 2, "PassStateExited", {name: "A", output: "1"}], [4, 3, "PassStateEntered", {name: "B"}],
    [5, 3, "EvaluationFailed", undefinedVariable], [6, 5, "ExecutionFailed", error]);
  assert.deepEqual(statuses(trace), ["A: succeeded", "B: failed"]);
  assert.deepEqual(trace.visits.map((visit) => visit.failure?.error), [undefined, "States.QueryEvaluationError"]);
  assert.equal(trace.visitOf(trace.event(5)!), trace.visits[1]);
  const first = traceOf([1, 0, "ExecutionStarted"], [2, 0, "TaskStateEntered", {name: "B"}], [3, 0, "EvaluationFailed", undefinedVariable], [4, 3, "TaskStateExited", {name: "B", output: "1"}],
    [5, 4, "ExecutionSucceeded"]);
  assert.deepEqual(statuses(first), ["B: caught"]);
});

test("an evaluation that fails in a branch or in one of several iterations", () => {
  const failing = {state: "B", error: "States.QueryEvaluationError", cause: "c"};
  const parallel = traceOf([1, 0, "ExecutionStarted"], [2, 0, "ParallelStateEntered", {name: "F"}], [3, 2, "ParallelStateStarted"], [4, 3, "WaitStateEntered", {name: "A"}],
    [5, 3, "PassStateEntered", {name: "B"}], [6, 3, "EvaluationFailed", failing], [7, 6, "WaitStateAborted"], [8, 6, "ParallelStateFailed"], [9, 8, "ExecutionFailed", error]);
  assert.deepEqual(statuses(parallel), ["F: failed", "A: aborted", "B: failed"]);
  const start: Short[] = [[1, 0, "ExecutionStarted"], [2, 0, "MapStateEntered", {name: "M"}], [3, 2, "MapStateStarted", {length: 2}], [4, 3, "MapIterationStarted", {name: "M", index: 0}],
    [5, 3, "MapIterationStarted", {name: "M", index: 1}], [6, 4, "PassStateEntered", {name: "B"}], [7, 5, "PassStateEntered", {name: "B"}]];
  const end: Short[] = [[9, 8, "MapIterationFailed", {name: "M", index: 1}], [10, 8, "MapStateFailed"], [11, 10, "ExecutionFailed", error]];
  assert.deepEqual(statuses(traceOf(...start, [8, 5, "EvaluationFailed", failing], ...end)), ["M: failed", "B: aborted", "B: failed"]);
  const nowhere = traceOf(...start, [8, 0, "EvaluationFailed", failing], [9, 8, "ExecutionFailed", error]);  // it does not say in which
  assert.deepEqual(statuses(nowhere), ["M: failed", "B: failed", "B: aborted"]);
  const items = traceOf(...start.slice(0, 2), [3, 0, "EvaluationFailed", {...failing, state: "M"}], [4, 3, "MapStateFailed"], [5, 4, "ExecutionFailed", error]);
  assert.deepEqual(statuses(items), ["M: failed"]);
});

test("what is seen first: the innermost state that failed, with the error that it failed by, else what runs", () => {
  const events: Short[] = [[1, 0, "ExecutionStarted"], [2, 0, "PassStateEntered", {name: "A"}], [3, 2, "PassStateExited", {name: "A"}], [4, 3, "ParallelStateEntered", {name: "F"}],
    [5, 4, "ParallelStateStarted"], [6, 5, "FailStateEntered", {name: "X"}]];
  const running = traceOf(...events);
  assert.equal(failedVisit(running), null);
  assert.equal(attentionVisit(running)?.state, "X");
  const trace = traceOf(...events, [7, 6, "ParallelStateFailed"], [8, 7, "ExecutionFailed", error]);
  assert.equal(failedVisit(trace)?.state, "X");
  assert.deepEqual(trace.visits.map((visit) => visit.failure?.error), [undefined, "E", "E"]);
  assert.equal(attentionVisit(traceOf([1, 0, "ExecutionStarted"], [2, 0, "PassStateEntered", {name: "A"}], [3, 2, "PassStateExited", {name: "A"}], [4, 3, "ExecutionSucceeded"])), null);
});

test("events that come twice count once", () => {
  const trace = traceOf([1, 0, "ExecutionStarted"], [2, 0, "PassStateEntered", {name: "A"}]);
  trace.add([{timestamp: 2, id: 2, previousEventId: 0, type: "PassStateEntered"}]);
  assert.equal(trace.events.length, 2);
});
