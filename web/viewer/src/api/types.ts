// What the REST API answers; /openapi.json describes it.

export type Json = null | boolean | number | string | Json[] | {[name: string]: Json};
export type JsonObject = {[name: string]: Json};
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED" | "PENDING_REDRIVE";

export interface ExecutionSummary {
  executionArn: string;
  name: string;
  stateMachineArn: string;
  stateMachineName: string;
  status: ExecutionStatus;
  startDate: string;
  stopDate?: string;
  redriveCount: number;
  redriveDate?: string;
  error?: string;  // only in answers to a search for a text in errors
  itemIndex?: number;  // of a Map Run's child
}

export interface Execution extends ExecutionSummary {
  traceHeader?: string;
  inputText: string;
  outputText?: string;
  cause?: string;
  // Of a Map Run's child:
  mapRunArn?: string;
  mapState?: string;
  parentExecutionArn?: string;
}

export interface ExecutionPage {
  executions: ExecutionSummary[];
  nextCursor?: string;
}

export interface MapRun {
  mapRunArn: string;
  executionArn: string;
  state: string;
  status: "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED";
  startDate: string;
  stopDate?: string;
  maxConcurrency: number;  // 0: as many as there may be
  toleratedFailureCount: number;
  toleratedFailurePercentage: number;
  items: number;
  redriveCount: number;
  executionsByStatus: Partial<Record<ExecutionStatus, number>>;
  itemsByStatus: Partial<Record<ExecutionStatus, number>>;
}

export type MachineType = "STANDARD" | "EXPRESS";

export interface MachineSummary {
  stateMachineArn: string;
  name: string;
  type: MachineType;
  status: "ACTIVE" | "DELETING";
  creationDate: string;
  updateDate: string;
  revisionId: string;
  roleArn: string;
}

export interface Machine extends MachineSummary {
  definitionText: string;
  tags: Record<string, string>;
}

export interface MachinePage {
  stateMachines: MachineSummary[];
  nextCursor?: string;
}

export interface HistoryEvent {
  timestamp: number;  // seconds since 1970
  type: string;
  id: number;
  previousEventId: number;
  [details: string]: unknown;  // one member "…EventDetails" that belongs to the type
}

export interface HistoryPage {
  events: HistoryEvent[];
  nextAfter?: number;
}

export interface Diagnostic {
  severity: "ERROR" | "WARNING";
  code: string;
  message: string;
  location: string;
  line: number;
  column: number;
  hint?: string;
}

export interface Validation {
  valid: boolean;
  diagnostics: Diagnostic[];
  json?: string;  // of a definition in YAML: the JSON that it means
}

export interface Revision {
  revisionId: string;
  creationDate: string;
  current: boolean;
  definitionText: string;
}

export interface StateStatistics {
  name: string;
  type: string;
  visits: number;
  failures: number;
  retries: number;
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
}

export interface MachineStatistics {
  executions: number;
  byStatus: Partial<Record<ExecutionStatus, number>>;
  p50Ms: number;
  p95Ms: number;
  complete: boolean;
  states: StateStatistics[];
}

// Functions. Four routes under /api/v1; all but the first answer an unknown name with 404, code "ResourceNotFound".
//     GET /functions                      → {"functions": FunctionSummary[]}, by name, all of them
//     GET /functions/{name}               → FunctionSummary
//     GET /functions/{name}/invocations   → InvocationPage, newest first
//             ?limit=N   at most so many: 1 to 1000, 100 unless told
//             ?cursor=   the page after, as `nextCursor` gave it
//     GET /functions/{name}/logs          → FunctionLog: what it printed, oldest first
//             ?requestId=ID  of this invocation alone; unknown, or no longer kept: 404 "ResourceNotFound"
//             ?after=OFFSET  what came after, as `nextAfter` gave it; without: the last 64 KiB
// Names of functions are unique; an unqualified name and its ARN (percent-encoded) both stand for the function.
// The viewer asks again every two seconds while somebody looks. Optional members are left out, not null.

// A function as functions.json or the Lambda API made it. Exactly one of command, runtime and url says what runs.
export interface FunctionSummary {
  name: string;
  arn?: string;              // arn:aws:lambda:REGION:ACCOUNT:function:NAME
  command?: string[];        // program and arguments
  runtime?: string;          // "python3.11": code that Pawl's own host runs
  handler?: string;          // "app.handler"; with runtime
  url?: string;              // an HTTP function; without user name, password and query, which may hold secrets
  timeoutSeconds?: number;   // of one invocation; whole seconds
  maxConcurrency?: number;   // invocations at the same time
  processes?: number;        // that are up now, busy or warm; left out for an HTTP function
  running?: number;          // invocations that a process (or the URL) works on now
  queued?: number;           // invocations that wait for a process
  invocations?: number;      // ended ones since the server started
  errors?: number;           // of these, the ones that ended with an error
  lastInvocation?: string;   // when the latest began: ISO 8601 in UTC with milliseconds, as all dates here
}

// One call of the function, running or ended. Only the latest are kept (say how many in /openapi.json).
export interface Invocation {
  requestId: string;         // the UUID that the function sees as its awsRequestId
  startDate?: string;        // when a process (or the URL) got it: ISO 8601, UTC, milliseconds; left out while queued
  finished: boolean;         // false: queued or running; then durationMs, billedMs, initMs and error are left out
  durationMs?: number;       // of the handler, without a cold start; milliseconds with up to three decimals
  billedMs?: number;         // durationMs rounded up to whole milliseconds
  initMs?: number;           // of the cold start before it, as durationMs; left out when its process was warm
  error?: string;            // the error's name ("ValueError", "Sandbox.Timedout", "Runtime.ExitError"); left out on success
  log: string;               // the last 4 KiB that it printed, stdout and stderr together, as UTF-8 (broken bytes as U+FFFD),
                             // with Lambda's lines START, END and REPORT; so far, while it runs; "" when it printed nothing
  truncated?: boolean;       // true: `log` is not all; /logs?requestId= has more
}

export interface InvocationPage {
  invocations: Invocation[];
  nextCursor?: string;       // left out on the last page
}

// A piece of a function's log. Without a requestId it is the file as it stands: whole invocations, one after another.
export interface FunctionLog {
  text: string;              // UTF-8, broken bytes as U+FFFD, at most 256 KiB; "" when there is nothing new
  nextAfter: string;         // for `after`; opaque, and valid when the log file has been replaced meanwhile
  truncated: boolean;        // true: something before `text` is left out (it was too long, or is no longer kept)
}

export interface Problem {
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  diagnostics?: Diagnostic[];
}
