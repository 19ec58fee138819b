// What happened, read from an execution's history: which states were visited, in which branch and iteration, by how
// many attempts, and how each ended. Grows event by event, so that a running execution is followed as it goes.
//
// Every event names the one before it in its own branch: following that chain tells where it belongs. A scope is one
// thread of control (the machine, a branch, an iteration), a visit one stay in a state.
import type {HistoryEvent} from "../api/types.ts";
import {failedVisit} from "./attention.ts";
import {detailsOf, errorOf, kindOf, milliseconds, numberIn, textIn} from "./event.ts";
import type {Attempt, Cursor, Failure, Scope, Visit, VisitStatus} from "./visit.ts";

const terminal: Record<string, VisitStatus> = {
  ExecutionSucceeded: "succeeded", ExecutionFailed: "failed", ExecutionTimedOut: "timed-out", ExecutionAborted: "aborted",
};

export class Trace {
  readonly events: HistoryEvent[] = [];
  readonly visits: Visit[] = [];
  readonly root: Scope = {id: 0, kind: "root", owner: null, index: 0, vars: {}, visits: [], started: 0, ended: null, status: "running"};
  readonly scopes: Scope[] = [this.root];
  status: VisitStatus = "running";
  lastId = 0;
  version = 0;  // changes when anything does
  private readonly cursors = new Map<number, Cursor>();
  private readonly byEntered = new Map<number, Visit>();
  private readonly indexOf = new Map<number, number>();

  add(events: readonly HistoryEvent[]): void {
    for (const event of events) {
      if (event.id <= this.lastId) continue;  // a stream that was resumed may repeat itself
      this.lastId = event.id;
      this.indexOf.set(event.id, this.events.length);
      this.events.push(event);
      this.cursors.set(event.id, this.apply(event));
    }
    this.version++;
  }

  event(id: number): HistoryEvent | undefined {
    return this.events[this.indexOf.get(id) ?? -1];
  }
  visit(id: number): Visit | undefined {
    return this.byEntered.get(id);
  }
  // The visit that an event belongs to; null: to the execution as a whole.
  visitOf(event: HistoryEvent): Visit | null {
    return this.cursors.get(event.id)?.visit ?? null;
  }
  get started(): number {
    return this.root.started;
  }
  // The end of what is known: of the execution, or of its latest event.
  get ended(): number {
    const last = this.events[this.events.length - 1];
    return this.root.ended ?? (last ? milliseconds(last) : this.root.started);
  }

  private apply(event: HistoryEvent): Cursor {
    const at = milliseconds(event);
    const before = this.cursors.get(event.previousEventId) ?? {scope: this.root, visit: null};
    const kind = kindOf(event.type);
    switch (kind.group) {
      case "execution": return this.execution(event, at, before);
      case "entered": return this.enter(event, kind.state, at, before);
      case "exited": return this.exit(event, at, before);
      case "aborted": return this.abortState(kind.state, at, before);
      case "task": return this.task(event, kind.what, at, before);
      case "fork": return this.fork(event, kind.state, kind.what, at, before);
      case "iteration": return this.iteration(event, kind.what, at, before);
      case "mapRun": return this.mapRun(event, kind.what, before);
      case "evaluation": return this.evaluation(event, before);
      case "other": return before;
    }
  }

  private execution(event: HistoryEvent, at: number, before: Cursor): Cursor {
    if (event.type === "ExecutionStarted") {
      this.root.started = at;
      return {scope: this.root, visit: null};
    }
    if (event.type === "ExecutionRedriven") {
      this.status = this.root.status = "running";
      this.root.ended = null;
      return this.reopen(before);
    }
    const status = terminal[event.type];
    if (!status) return before;
    this.status = this.root.status = status;
    this.root.ended = at;
    if (status === "succeeded") return {scope: this.root, visit: null};
    const failure = errorOf(event);
    if (status === "failed") {
      for (let visit: Visit | null = before.visit; visit; visit = visit.scope.owner) {
        if (visit.ended === null || visit.status === "running") this.close(visit, "failed", at);
        if (visit.status === "failed" && !visit.failure) visit.failure = {...failure, event: event.id};
      }
      // A Fail state in a branch has its error nowhere else, nor have the Parallels and Maps around it.
      for (let visit = failedVisit(this); visit; visit = visit.scope.owner) {
        if (!visit.failure?.error) visit.failure = {...failure, event: event.id};
      }
    }
    for (const visit of this.visits) if (visit.ended === null) this.close(visit, status === "timed-out" ? "timed-out" : "aborted", at);
    for (const scope of this.scopes) if (scope.ended === null) Object.assign(scope, {ended: at, status: "aborted"});
    return {scope: this.root, visit: null};
  }

  // After a redrive what fell goes on where it was, in all its branches: new attempts, no new visits.
  private reopen(before: Cursor): Cursor {
    const fell = this.visits.filter((visit) => {
      for (let each: Visit | null = visit; each; each = each.scope.owner) if (!is_bad(each)) return false;
      return true;
    });
    for (const visit of fell) {
      Object.assign(visit, {status: "running", ended: null, failure: null, redriven: true, forkEnded: false});
      if (visit.scope !== this.root) Object.assign(visit.scope, {status: "running", ended: null});
    }
    const visit = before.visit ?? this.root.visits[this.root.visits.length - 1] ?? null;
    return {scope: visit?.scope ?? this.root, visit};
  }

  private enter(event: HistoryEvent, type: string, at: number, before: Cursor): Cursor {
    const details = detailsOf(event);
    let {scope} = before;
    // The first state of a branch follows the event that started the Parallel: it opens the branch.
    if (before.visit && before.opens === "branch") scope = this.openScope("branch", before.visit, before.visit.children.length, at);
    const visit: Visit = {
      id: event.id, state: textIn(details, "name"), type, scope, started: at, ended: null, status: "running",
      input: textIn(details, "input"), output: null, variablesBefore: scope.vars, variablesAfter: null, attempts: [],
      failure: null, children: [], length: null, mapRuns: [], exited: null, previous: scope.visits[scope.visits.length - 1] ?? null,
      redriven: false,
    };
    scope.visits.push(visit);
    this.visits.push(visit);
    this.byEntered.set(event.id, visit);
    return {scope, visit};
  }

  private exit(event: HistoryEvent, at: number, before: Cursor): Cursor {
    const visit = this.openVisit(before, textIn(detailsOf(event), "name"));
    if (!visit) return before;
    const details = detailsOf(event);
    visit.output = textIn(details, "output");
    visit.exited = event.id;
    const assigned = details["assignedVariables"];
    if (typeof assigned === "object" && assigned !== null) {
      visit.scope.vars = {...visit.scope.vars, ...(assigned as Record<string, string>)};
    }
    visit.variablesAfter = visit.scope.vars;
    this.close(visit, visit.failure ? "caught" : "succeeded", at);
    return {scope: visit.scope, visit};
  }

  private abortState(type: string, at: number, before: Cursor): Cursor {
    const {visit} = before;
    if (!visit) return before;
    // When a branch fails, the events that abort the others all follow its own: they name neither state nor branch.
    const meant = visit.ended === null && visit.type === type ? visit : this.visits.find((each) => each.ended === null && each.type === type && each.scope.owner === visit.scope.owner) ?? visit;
    this.close(meant, "aborted", at);
    return {scope: meant.scope, visit: meant};
  }

  private task(event: HistoryEvent, what: string, at: number, before: Cursor): Cursor {
    const visit = before.visit;
    if (!visit) return before;
    const details = detailsOf(event);
    if (what === "Scheduled") {
      visit.failure = null;
      const attempt: Attempt = {
        id: event.id, number: visit.attempts.length + 1, scheduled: at, started: null, ended: null, status: "running",
        parameters: textIn(details, "parameters") || textIn(details, "input"), output: null, submitted: null,
        failure: null, resource: [textIn(details, "resourceType"), textIn(details, "resource")].filter((part) => part).join(":"),
      };
      visit.attempts.push(attempt);
      return {scope: visit.scope, visit};
    }
    const attempt = visit.attempts[visit.attempts.length - 1];
    if (what === "Started" && attempt) attempt.started = at;
    else if (what === "Submitted" && attempt) attempt.submitted = textIn(details, "output");
    else if (what === "Succeeded" && attempt) Object.assign(attempt, {ended: at, status: "succeeded", output: textIn(details, "output")});
    else if (what.endsWith("Failed") || what === "TimedOut") {
      if (attempt) Object.assign(attempt, {ended: at, status: what === "TimedOut" ? "timed-out" : "failed", failure: {...errorOf(event), event: event.id}});
      this.fail(visit, event);
    }
    return {scope: visit.scope, visit};
  }

  // ParallelStateStarted, MapStateSucceeded, …
  private fork(event: HistoryEvent, type: string, what: string, at: number, before: Cursor): Cursor {
    if (what === "Started") {
      if (before.visit) before.visit.length = numberIn(detailsOf(event), "length");
      return {scope: before.scope, visit: before.visit, opens: type === "Parallel" ? "branch" : "iteration"};
    }
    const visit = this.enclosing(before, type);
    if (!visit) return before;
    if (what === "Failed") {
      if (before.visit && before.visit !== visit && before.visit.status !== "succeeded") this.blame(before.visit, at);
      visit.failure = {...(before.visit?.failure ?? failureWithin(visit) ?? {error: "", cause: ""}), event: event.id};
      if (before.scope.owner === visit && before.scope.ended === null) Object.assign(before.scope, {ended: at, status: "failed"});
      visit.forkEnded = true;
      visit.status = "failed";  // until it leaves all the same: then it was caught
    } else {
      visit.failure = null;
      visit.forkEnded = true;
    }
    for (const scope of visit.children) {
      if (scope.ended !== null) continue;
      Object.assign(scope, {ended: at, status: what === "Succeeded" ? "succeeded" : "aborted"});
      if (what === "Failed") for (const inner of scope.visits) if (inner.ended === null) this.close(inner, "aborted", at);
    }
    return {scope: visit.scope, visit};
  }

  private iteration(event: HistoryEvent, what: string, at: number, before: Cursor): Cursor {
    const details = detailsOf(event);
    const index = numberIn(details, "index") ?? 0;
    if (what === "Started") {
      const map = before.opens === "iteration" && before.visit ? before.visit : this.openVisit(before, textIn(details, "name"));
      if (!map) return before;
      return {scope: this.openScope("iteration", map, index, at), visit: null};
    }
    let scope: Scope | null = before.scope;
    while (scope && !(scope.kind === "iteration" && scope.index === index && scope.owner?.state === textIn(details, "name"))) {
      scope = scope.owner?.scope ?? null;
    }
    if (!scope) return before;
    const status: VisitStatus = what === "Succeeded" ? "succeeded" : what === "Failed" ? "failed" : "aborted";
    Object.assign(scope, {ended: at, status});
    const last = scope.visits[scope.visits.length - 1];
    if (status === "failed" && last && last.status !== "succeeded") this.blame(last, at);
    for (const visit of scope.visits) if (visit.ended === null) this.close(visit, status, at);
    return {scope, visit: scope.visits[scope.visits.length - 1] ?? null};
  }

  // It follows what its state's own StateEntered follows (or nothing), so it is the name that says whose it is.
  private evaluation(event: HistoryEvent, before: Cursor): Cursor {
    const visit = this.visitMeant(before, textIn(detailsOf(event), "state"));
    if (!visit) return before;
    this.fail(visit, event);
    return {scope: visit.scope, visit};
  }

  // The iterations of a distributed Map are executions of their own: the history names only the run.
  private mapRun(event: HistoryEvent, what: string, before: Cursor): Cursor {
    const visit = before.visit;
    if (!visit) return before;
    if (what === "Started") {
      visit.failure = null;
      visit.mapRuns.push(textIn(detailsOf(event), "mapRunArn"));
    } else if (what === "Failed") {
      this.fail(visit, event);
    }
    return {scope: before.scope, visit};
  }

  private openScope(kind: "branch" | "iteration", owner: Visit, index: number, at: number): Scope {
    const scope: Scope = {
      id: this.scopes.length, kind, owner, index, vars: owner.variablesBefore, visits: [], started: at, ended: null, status: "running",
    };
    owner.children.push(scope);
    this.scopes.push(scope);
    return scope;
  }

  // The nearest visit of a Parallel or Map around a cursor whose branches have not been closed yet.
  private enclosing(cursor: Cursor, type: string): Visit | null {
    for (let visit: Visit | null = cursor.visit ?? cursor.scope.owner; visit; visit = visit.scope.owner) {
      if (visit.type === type && !visit.forkEnded && visit.ended === null) return visit;
    }
    return null;
  }
  private openVisit(cursor: Cursor, name: string): Visit | null {
    for (let visit: Visit | null = cursor.visit ?? cursor.scope.owner; visit; visit = visit.scope.owner) {
      if (visit.state === name && visit.ended === null) return visit;
    }
    return null;
  }

  // The open visit of a state of this name that is nearest to a cursor: in the scopes around it, in the branches that it
  // opened, else anywhere (the cursor may be the root's while an iteration is meant).
  private visitMeant(cursor: Cursor, name: string): Visit | null {
    const among = (visits: Visit[]) => visits.find((each) => each.ended === null && each.state === name);
    for (let scope: Scope | null = cursor.scope; scope; scope = scope.owner?.scope ?? null) {
      const found = among(scope.visits);
      if (found) return found;
    }
    return among(cursor.visit?.children.flatMap((scope) => scope.visits) ?? []) ?? among(this.visits) ?? (cursor.visit?.ended === null ? cursor.visit : null);
  }

  // What brought the branches around it down: it failed, even if the history says that it was aborted then.
  private blame(visit: Visit, at: number): void {
    if (visit.ended === null) this.close(visit, "failed", at);
    else if (visit.status === "aborted") visit.status = "failed";
  }
  private fail(visit: Visit, event: HistoryEvent): void {
    visit.failure = {...errorOf(event), event: event.id};
  }
  private close(visit: Visit, status: VisitStatus, at: number): void {
    visit.status = status;
    visit.ended = at;
    const attempt = visit.attempts[visit.attempts.length - 1];
    if (attempt?.status === "running") Object.assign(attempt, {ended: at, status: status === "succeeded" ? "succeeded" : "aborted"});
  }
}

const is_bad = (visit: Visit): boolean => visit.status === "failed" || visit.status === "aborted" || visit.status === "timed-out";

function failureWithin(visit: Visit): Failure | null {
  for (const scope of visit.children) {
    for (const inner of scope.visits) if (inner.status === "failed" && inner.failure) return inner.failure;
  }
  return null;
}
