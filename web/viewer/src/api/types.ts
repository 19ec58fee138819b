// What the REST API answers; /openapi.json describes it.

export type Json = null | boolean | number | string | Json[] | {[name: string]: Json};
export type JsonObject = {[name: string]: Json};

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
  error?: string;
  redriveStatus?: string;
  redriveStatusReason?: string;
}

export interface Execution extends ExecutionSummary {
  traceHeader?: string;
  inputText: string;
  outputText?: string;
  cause?: string;
  stateMachineVersionArn?: string;
  stateMachineAliasArn?: string;
  mapRunArn?: string;
}

export interface ExecutionPage {
  executions: ExecutionSummary[];
  nextCursor?: string;
}

export interface MachineSummary {
  stateMachineArn: string;
  name: string;
  type: "STANDARD" | "EXPRESS";
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

export interface FunctionSummary {
  name: string;
  arn?: string;
  command?: string[];
  runtime?: string;
  url?: string;
  timeoutSeconds?: number;
  maxConcurrency?: number;
}

export interface Invocation {
  requestId: string;
  startDate?: string;
  finished: boolean;
  durationMs?: number;
  billedMs?: number;
  initMs?: number;
  error?: string;
  log: string;
  truncated?: boolean;
}

export interface Problem {
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  diagnostics?: Diagnostic[];
}
