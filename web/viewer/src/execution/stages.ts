// A visit's data on its way through a state: what the history recorded, and what lies between, which TestState works
// out again from what is recorded (with the recorded result in place of the real work).
import {useEffect, useState} from "preact/hooks";
import {ApiError, aws, isAbort} from "../api/client.ts";
import type {JsonObject} from "../api/types.ts";
import type {StateNode} from "../asl/definition.ts";
import type {Visit} from "../trace/visit.ts";
import {variablesText} from "./events.tsx";

export interface Stage {
  id: string;
  label: string;
  text: string | null;  // null: not known, `note` says why
  note?: string;
}

export interface Computed {
  data: Record<string, string>;
  problem: string;  // why there is none
}

const not_recorded = "The history does not record this step";

// Fields of TestState's inspectionData for the steps between.
const steps: {id: string; label: string; field: string; from: string}[] = [
  {id: "input-path", label: "After InputPath", field: "InputPath", from: "afterInputPath"},
  {id: "items-path", label: "After ItemsPath", field: "ItemsPath", from: "afterItemsPath"},
  {id: "items", label: "Items", field: "Items", from: "afterItemsPath"},
  {id: "item-selector", label: "After ItemSelector", field: "ItemSelector", from: "afterItemSelector"},
  {id: "parameters", label: "After Parameters", field: "Parameters", from: "afterParameters"},
  {id: "arguments", label: "After Arguments", field: "Arguments", from: "afterArguments"},
];
const later_steps = [
  {id: "result-selector", label: "After ResultSelector", field: "ResultSelector", from: "afterResultSelector"},
  {id: "result-path", label: "After ResultPath", field: "ResultPath", from: "afterResultPath"},
];

// The work's own result, where the history has it or it follows from what the branches gave.
function resultOf(visit: Visit, state: StateNode | undefined): string | null {
  const done = [...visit.attempts].reverse().find((attempt) => attempt.status === "succeeded");
  if (done) return done.output;
  if ((visit.type === "Parallel" || visit.type === "Map") && visit.status === "succeeded") {
    const outputs = [...visit.children].sort((a, b) => a.index - b.index).map((scope) => scope.visits[scope.visits.length - 1]?.output ?? null);
    if (visit.children.length === (visit.length ?? visit.children.length) && outputs.every((output) => output !== null)) return `[${outputs.join(",")}]`;
  }
  if (visit.type === "Pass" && state?.fields["Result"] !== undefined) return JSON.stringify(state.fields["Result"]);
  return null;
}

export function stagesOf(visit: Visit, state: StateNode | undefined, computed: Computed | null): Stage[] {
  const fields = state?.fields ?? {};
  const stages: Stage[] = [{id: "input", label: "Input", text: visit.input}];
  const attempt = visit.attempts[visit.attempts.length - 1];
  const between = (step: {id: string; label: string; field: string; from: string}) => {
    if (fields[step.field] === undefined) return;
    const recorded = (step.field === "Parameters" || step.field === "Arguments") && attempt ? attempt.parameters : undefined;
    const text = recorded ?? computed?.data[step.from] ?? null;
    const stage: Stage = {id: step.id, label: step.label, text};
    if (text === null) stage.note = computed === null ? "Being worked out…" : `${not_recorded}. ${computed.problem}`;
    stages.push(stage);
  };
  steps.forEach(between);
  const result = resultOf(visit, state);
  if (result !== null) stages.push({id: "result", label: visit.attempts.length > 1 ? "Result (last attempt)" : "Result", text: result});
  if (visit.status === "succeeded") later_steps.forEach(between);
  if (visit.output !== null) stages.push({id: "output", label: "Output", text: visit.output});
  if (Object.keys(visit.variablesBefore).length > 0 || Object.keys(visit.variablesAfter ?? {}).length > 0) {
    stages.push({id: "variables-before", label: "Variables before", text: variablesText(visit.variablesBefore)});
    if (visit.variablesAfter) stages.push({id: "variables-after", label: "Variables after", text: variablesText(visit.variablesAfter)});
  }
  return stages;
}

const needs_work = (visit: Visit, state: StateNode): boolean => {
  const wanted = [...steps.filter((step) => !(visit.attempts.length > 0 && (step.field === "Parameters" || step.field === "Arguments"))),
    ...(visit.status === "succeeded" ? later_steps : [])];
  return wanted.some((step) => state.fields[step.field] !== undefined);
};

function testRequest(visit: Visit, state: StateNode, queryLanguage: string): JsonObject {
  const fields: JsonObject = {...state.fields};
  if (queryLanguage && fields["QueryLanguage"] === undefined) fields["QueryLanguage"] = queryLanguage;
  const request: JsonObject = {definition: JSON.stringify(fields), input: visit.input, inspectionLevel: "DEBUG", variables: variablesText(visit.variablesBefore)};
  const result = resultOf(visit, state);
  if (["Task", "Parallel", "Map"].includes(visit.type)) {
    request["mock"] = result !== null ? {result, fieldValidationMode: "NONE"}
      : {errorOutput: {error: visit.failure?.error || "States.TaskFailed", cause: visit.failure?.cause ?? ""}, fieldValidationMode: "NONE"};
  }
  return request;
}

// null while it is being worked out.
export function useComputed(visit: Visit | null, state: StateNode | undefined, queryLanguage: string): Computed | null {
  const [answer, setAnswer] = useState<{visit: Visit; status: string; computed: Computed} | null>(null);
  const status = visit ? `${visit.status} ${visit.attempts.length}` : "";
  useEffect(() => {
    if (!visit || !state || visit.status === "running" || !needs_work(visit, state)) return;
    const abort = new AbortController();
    const say = (computed: Computed) => { if (!abort.signal.aborted) setAnswer({visit, status, computed}); };
    aws<JsonObject>("TestState", testRequest(visit, state, queryLanguage), abort.signal).then((response) => {
      const data: Record<string, string> = {};
      const inspection = response["inspectionData"];
      if (typeof inspection === "object" && inspection !== null && !Array.isArray(inspection)) {
        for (const [name, value] of Object.entries(inspection)) if (typeof value === "string") data[name] = value;
      }
      say({data, problem: "TestState did not give it either."});
    }, (error: unknown) => {
      if (isAbort(error)) return;
      const missing = error instanceof ApiError && error.isMissing;
      say({data: {}, problem: missing ? "This server has no TestState yet, which could work it out." : `TestState could not work it out: ${(error as Error).message}`});
    });
    return () => abort.abort();
  }, [visit, status, state, queryLanguage]);
  if (visit?.status === "running") return {data: {}, problem: "The state is still running."};
  return answer !== null && answer.visit === visit && answer.status === status ? answer.computed : null;
}
