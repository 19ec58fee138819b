// History events: what kind each is, and what it carries.
import type {HistoryEvent} from "../api/types.ts";

export type Kind =
  | {group: "execution" | "evaluation" | "other"}
  | {group: "entered" | "exited" | "aborted"; state: string}
  | {group: "task"; what: string}
  | {group: "fork"; state: string; what: string}
  | {group: "iteration" | "mapRun"; what: string};

const kinds = new Map<string, Kind>();

function classify(type: string): Kind {
  if (type.startsWith("Execution")) return {group: "execution"};
  if (type === "EvaluationFailed") return {group: "evaluation"};
  let found = /^(\w+?)State(Entered|Exited|Aborted)$/.exec(type);
  if (found) return {group: found[2]!.toLowerCase() as "entered" | "exited" | "aborted", state: found[1]!};
  found = /^(Parallel|Map)State(Started|Succeeded|Failed)$/.exec(type);
  if (found) return {group: "fork", state: found[1]!, what: found[2]!};
  found = /^MapIteration(\w+)$/.exec(type);
  if (found) return {group: "iteration", what: found[1]!};
  found = /^MapRun(\w+)$/.exec(type);
  if (found) return {group: "mapRun", what: found[1]!};
  found = /^(?:Task|LambdaFunction|Activity)(Scheduled|Started|Submitted|Succeeded|TimedOut|\w*Failed)$/.exec(type);
  if (found) return {group: "task", what: found[1]!};
  return {group: "other"};
}

export function kindOf(type: string): Kind {
  let kind = kinds.get(type);
  if (!kind) kinds.set(type, kind = classify(type));
  return kind;
}

const no_details: Record<string, unknown> = {};

export function detailsOf(event: HistoryEvent): Record<string, unknown> {
  for (const name in event) {
    if (name.endsWith("EventDetails")) return event[name] as Record<string, unknown>;
  }
  return no_details;
}

export const milliseconds = (event: HistoryEvent): number => Math.round(event.timestamp * 1000);

export function textIn(details: Record<string, unknown>, name: string): string {
  const value = details[name];
  return typeof value === "string" ? value : "";
}
export function numberIn(details: Record<string, unknown>, name: string): number | null {
  const value = details[name];
  return typeof value === "number" ? value : null;
}
export function errorOf(event: HistoryEvent): {error: string; cause: string} {
  const details = detailsOf(event);
  return {error: textIn(details, "error"), cause: textIn(details, "cause")};
}

// How an event reads at a glance.
export function toneOf(type: string): "good" | "bad" | "grey" | "plain" {
  if (type === "EvaluationFailed" || type.endsWith("Failed") || type.endsWith("TimedOut")) return "bad";
  if (type.endsWith("Succeeded")) return "good";
  if (type.endsWith("Aborted")) return "grey";
  return "plain";
}
