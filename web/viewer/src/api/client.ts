// Calls to /api/v1, and to the AWS API for what only that has. Failures are ApiError: with the server's problem
// document, or without when nobody answered.
import type {
  Execution, ExecutionPage, FunctionLog, FunctionSummary, HistoryPage, InvocationPage, Json, JsonObject, Machine, MachinePage, MachineType,
  MachineStatistics, MapRun, Problem, Revision, Validation,
} from "./types.ts";

export class ApiError extends Error {
  constructor(message: string, readonly status: number, readonly code: string, readonly problem: Problem | null) {
    super(message);
  }
  // The server is older than this page: it knows no such route or operation.
  get isMissing(): boolean {
    return (this.status === 404 && this.code === "") || this.status === 405 || this.status === 501 ||
      this.code === "NotFound" || this.code === "UnknownOperationException";
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

async function send(path: string, init: RequestInit): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, init);
    text = await response.text();
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError("The server does not answer. Is pawl still running?", 0, "", null);
  }
  if (response.ok) return text;
  let problem: Record<string, unknown> | null = null;
  try {
    problem = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // not from Pawl: a proxy's page
  }
  const detail = problem?.["detail"] ?? problem?.["message"] ?? problem?.["title"];
  const code = problem?.["code"] ?? problem?.["__type"];
  throw new ApiError(typeof detail === "string" ? detail : `The server answered with status ${response.status}.`,
    response.status, typeof code === "string" ? code : "", problem);
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = {method, signal: signal ?? null};
  if (method !== "GET") init.headers = {"Content-Type": "application/json"};
  if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
  const text = await send(`/api/v1${path}`, init);
  return (text ? JSON.parse(text) : null) as T;
}

export type Parameters = Record<string, string | number | boolean | undefined>;

function query(parameters: Parameters): string {
  const present = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "" && value !== false) present.set(name, String(value));
  }
  const text = present.toString();
  return text === "" ? "" : `?${text}`;
}

const one = encodeURIComponent;

export const api = {
  machines: (parameters: Parameters, signal?: AbortSignal) =>
    call<MachinePage>("GET", `/state-machines${query(parameters)}`, undefined, signal),
  machine: (name: string, signal?: AbortSignal) =>
    call<Machine>("GET", `/state-machines/${one(name)}`, undefined, signal),
  revisions: (name: string, signal?: AbortSignal) =>
    call<{revisions: Revision[]}>("GET", `/state-machines/${one(name)}/revisions`, undefined, signal),
  statistics: (name: string, signal?: AbortSignal) =>
    call<MachineStatistics>("GET", `/state-machines/${one(name)}/statistics`, undefined, signal),
  createMachine: (name: string, definition: string, type: MachineType) =>
    call<Machine>("POST", "/state-machines", {name, definition, type}),
  deleteMachine: (name: string) => call<null>("DELETE", `/state-machines/${one(name)}`),
  replaceMachine: (name: string, definition: string) =>
    call<Machine>("PUT", `/state-machines/${one(name)}`, {definition}),

  executions: (machine: string, parameters: Parameters, signal?: AbortSignal) =>
    call<ExecutionPage>("GET", `${machine ? `/state-machines/${one(machine)}` : ""}/executions${query(parameters)}`,
      undefined, signal),
  execution: (arn: string, signal?: AbortSignal) => call<Execution>("GET", `/executions/${one(arn)}`, undefined, signal),
  executionMachine: (arn: string, signal?: AbortSignal) =>
    call<Machine>("GET", `/executions/${one(arn)}/state-machine`, undefined, signal),
  mapRun: (arn: string, signal?: AbortSignal) => call<MapRun>("GET", `/map-runs/${one(arn)}`, undefined, signal),
  history: (arn: string, after: number, limit: number, signal?: AbortSignal) =>
    call<HistoryPage>("GET", `/executions/${one(arn)}/history${query({after, limit})}`, undefined, signal),
  start: (machine: string, body: {name?: string; inputText: string}) =>
    call<Execution>("POST", `/state-machines/${one(machine)}/executions`, body),
  stop: (arn: string, body: {error?: string; cause?: string}) =>
    call<Execution>("POST", `/executions/${one(arn)}/stop`, body),
  redrive: (arn: string) => call<Execution>("POST", `/executions/${one(arn)}/redrive`, {}),
  eventsUrl: (arn: string, lastEventId: number) =>
    `/api/v1/executions/${one(arn)}/events${query({lastEventId: lastEventId > 0 ? lastEventId : undefined})}`,

  taskSuccess: (token: string, outputText: string) =>
    call<null>("POST", `/tasks/${one(token)}/success`, {outputText}),
  taskFailure: (token: string, body: {error?: string; cause?: string}) =>
    call<null>("POST", `/tasks/${one(token)}/failure`, body),

  validate: (definition: string, type: string, signal?: AbortSignal) =>
    call<Validation>("POST", `/validate${query({type})}`, definition, signal),

  functions: (signal?: AbortSignal) => call<{functions: FunctionSummary[]}>("GET", "/functions", undefined, signal),
  fn: (name: string, signal?: AbortSignal) => call<FunctionSummary>("GET", `/functions/${one(name)}`, undefined, signal),
  functionLog: (name: string, parameters: {requestId?: string; after?: string}, signal?: AbortSignal) =>
    call<FunctionLog>("GET", `/functions/${one(name)}/logs${query(parameters)}`, undefined, signal),
  invocations: (name: string, signal?: AbortSignal) =>
    call<InvocationPage>("GET", `/functions/${one(name)}/invocations`, undefined, signal),
};

// An operation of the AWS API.
export async function aws<T extends Json>(operation: string, body: JsonObject, signal?: AbortSignal): Promise<T> {
  const text = await send("/", {
    method: "POST",
    signal: signal ?? null,
    headers: {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": `AWSStepFunctions.${operation}`},
    body: JSON.stringify(body),
  });
  return JSON.parse(text || "{}") as T;
}
