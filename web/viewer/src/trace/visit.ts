// What a trace is made of.

export type VisitStatus = "running" | "succeeded" | "failed" | "caught" | "aborted" | "timed-out";

export interface Failure {
  error: string;
  cause: string;
  event: number;
}

// One try of a task.
export interface Attempt {
  id: number;  // of its …Scheduled event
  number: number;
  scheduled: number;  // milliseconds since 1970, as all times here
  started: number | null;
  ended: number | null;
  status: VisitStatus;
  parameters: string;
  output: string | null;
  submitted: string | null;
  failure: Failure | null;
  resource: string;
}

// One stay in a state. Documents are JSON texts, as the history has them.
export interface Visit {
  id: number;  // of its …StateEntered event
  state: string;
  type: string;
  scope: Scope;
  previous: Visit | null;  // the one before it in the same scope
  started: number;
  ended: number | null;
  status: VisitStatus;
  input: string;
  output: string | null;
  exited: number | null;  // id of its …StateExited event
  variablesBefore: Record<string, string>;
  variablesAfter: Record<string, string> | null;
  attempts: Attempt[];
  failure: Failure | null;  // the latest, until a retry begins
  children: Scope[];  // branches, iterations
  length: number | null;  // of a Map: how many items
  mapRuns: string[];  // of a Map in distributed mode: ARNs, one for each attempt
  forkEnded?: boolean;  // its branches are over, it has not been left yet
  redriven: boolean;
}

// One thread of control: the machine, a branch of a Parallel, an iteration of a Map.
export interface Scope {
  id: number;
  kind: "root" | "branch" | "iteration";
  owner: Visit | null;
  index: number;
  vars: Record<string, string>;
  visits: Visit[];
  started: number;
  ended: number | null;
  status: VisitStatus;
}

// Where an event left its branch.
export interface Cursor {
  scope: Scope;
  visit: Visit | null;
  opens?: "branch" | "iteration";  // what comes next begins one of these in `visit`
}
