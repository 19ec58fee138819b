// Where a waiting task's token stands among its parameters: the definition says which member it was put in.
import {isObject} from "../api/types.ts";
import type {Json} from "../api/types.ts";
import type {StateNode} from "../asl/definition.ts";
import type {Visit} from "../trace/visit.ts";

function isToken(name: string, template: Json): boolean {
  if (typeof template !== "string") return false;
  if (name.endsWith(".$")) return template.trim() === "$$.Task.Token";
  return /^\{%\s*\$states\.context\.Task\.Token\s*%\}$/.test(template);
}

function find(template: Json | undefined, value: Json | undefined): string {
  if (Array.isArray(template)) {
    for (let i = 0; i < template.length; i++) {
      const found = find(template[i], Array.isArray(value) ? value[i] : undefined);
      if (found) return found;
    }
  } else if (isObject(template) && isObject(value)) {
    for (const [name, part] of Object.entries(template)) {
      const own = value[name.endsWith(".$") ? name.slice(0, -2) : name];
      if (isToken(name, part) && typeof own === "string") return own;
      const found = find(part, own);
      if (found) return found;
    }
  }
  return "";
}

// The token that a running task waits for; empty: it waits for none, or it is not to be seen.
export function waitingToken(visit: Visit, state: StateNode | undefined): {waits: boolean; token: string} {
  const attempt = visit.attempts[visit.attempts.length - 1];
  const resource = state?.fields["Resource"];
  const waits = visit.status === "running" && attempt?.status === "running" && typeof resource === "string" &&
    (resource.endsWith(".waitForTaskToken") || resource.includes(":activity:"));
  if (!waits || !attempt) return {waits: false, token: ""};
  try {
    return {waits, token: find(state?.fields["Parameters"] ?? state?.fields["Arguments"], JSON.parse(attempt.parameters) as Json)};
  } catch {
    return {waits, token: ""};
  }
}
