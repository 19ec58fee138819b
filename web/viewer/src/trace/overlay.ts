// What a graph's colours say: how each state fared, and which transitions were taken; for the whole execution or, when
// somebody picked iterations of its Maps, for those alone.
import type {Block, Graph} from "../asl/definition.ts";
import type {Trace} from "./trace.ts";
import type {Scope, Visit, VisitStatus} from "./visit.ts";

export interface StateMark {
  status: VisitStatus;
  visits: Visit[];  // those looked at, in order
  running: number;
  succeeded: number;
  failed: number;
  retries: number;
}

export interface Overlay {
  states: Map<string, StateMark>;
  taken: Set<string>;  // lineKey of transitions
  started: Set<string>;  // names of first states that were entered
  ended: Set<string>;  // names of last states that were left with success
  elsewhere: Map<string, string>;  // states that ran in executions of their own, with the name of the Map that started these
}

// Map state's name → index of the iteration looked at; absent: all.
export type Picked = ReadonlyMap<string, number>;

export const lineKey = (from: string, to: string, caught: boolean): string => `${from}\n${to}\n${caught ? "catch" : "go"}`;

function isPicked(scope: Scope, picked: Picked, known: Map<Scope, boolean>): boolean {
  const answer = known.get(scope);
  if (answer !== undefined) return answer;
  let result = true;
  if (scope.kind === "iteration" && scope.owner) {
    const wanted = picked.get(scope.owner.state);
    result = wanted === undefined || wanted === scope.index;
  }
  if (result && scope.owner) result = isPicked(scope.owner.scope, picked, known);
  known.set(scope, result);
  return result;
}

function addStatesWithin(blocks: Block[], map: string, to: Map<string, string>): void {
  for (const state of blocks.flatMap((block) => block.states)) {
    to.set(state.name, map);
    addStatesWithin(state.blocks, map, to);
  }
}

// The status that a state shows for several visits: what needs attention first.
const urgency: VisitStatus[] = ["running", "failed", "timed-out", "aborted", "caught", "succeeded"];

export function makeOverlay(trace: Trace, picked: Picked, graph: Graph | null = null): Overlay {
  const overlay: Overlay = {states: new Map(), taken: new Set(), started: new Set(), ended: new Set(), elsewhere: new Map()};
  const known = new Map<Scope, boolean>();
  for (const visit of trace.visits) {
    if (!isPicked(visit.scope, picked, known)) continue;
    let mark = overlay.states.get(visit.state);
    if (!mark) {
      mark = {status: visit.status, visits: [], running: 0, succeeded: 0, failed: 0, retries: 0};
      overlay.states.set(visit.state, mark);
    }
    mark.visits.push(visit);
    if (visit.mapRuns.length > 0) addStatesWithin(graph?.states.get(visit.state)?.blocks ?? [], visit.state, overlay.elsewhere);
    if (visit.status === "running") mark.running++;
    else if (visit.status === "succeeded" || visit.status === "caught") mark.succeeded++;
    else if (visit.status === "failed" || visit.status === "timed-out") mark.failed++;
    mark.retries += Math.max(0, visit.attempts.length - 1);
    // In one scope the latest visit counts (a loop that got through in the end); across iterations the worst does.
    const last = mark.visits.length > 1 ? mark.visits[mark.visits.length - 2] : undefined;
    if (!last || last.scope === visit.scope && visit.scope.kind === "root") mark.status = visit.status;
    else if (urgency.indexOf(visit.status) < urgency.indexOf(mark.status)) mark.status = visit.status;
    if (visit.previous) overlay.taken.add(lineKey(visit.previous.state, visit.state, visit.previous.status === "caught"));
    else overlay.started.add(visit.state);
  }
  if (trace.status === "succeeded") {
    const last = trace.root.visits[trace.root.visits.length - 1];
    if (last) overlay.ended.add(last.state);
  }
  return overlay;
}
