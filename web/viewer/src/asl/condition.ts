// A Choice rule in short, for an edge's label: "$.n > 3 and not $.done".
import {isObject} from "../api/types.ts";
import type {Json, JsonObject} from "../api/types.ts";

const signs: Record<string, string> = {
  Equals: "=", LessThan: "<", GreaterThan: ">", LessThanEquals: "≤", GreaterThanEquals: "≥", Matches: "matches",
};

function comparison(rule: JsonObject): string {
  const variable = typeof rule["Variable"] === "string" ? rule["Variable"] : "?";
  for (const [name, value] of Object.entries(rule)) {
    const is = /^Is(\w+)$/.exec(name);
    if (is) return `${variable} is ${value === false ? "not " : ""}${(is[1] ?? "").toLowerCase()}`;
    const found = /^(?:String|Numeric|Boolean|Timestamp)(Equals|LessThanEquals|GreaterThanEquals|LessThan|GreaterThan|Matches)(?:Path)?$/.exec(name);
    if (found) {
      const right = name.endsWith("Path") ? String(value) : JSON.stringify(value);
      return `${variable} ${signs[found[1] ?? ""] ?? "?"} ${right}`;
    }
  }
  return variable;
}

export function conditionText(rule: Json | undefined): string {
  if (!isObject(rule)) return "?";
  if (typeof rule["Condition"] === "string") {
    return rule["Condition"].replace(/^\{%\s*/, "").replace(/\s*%\}$/, "");
  }
  for (const [name, joint] of [["And", " and "], ["Or", " or "]] as const) {
    const parts = rule[name];
    if (Array.isArray(parts)) return parts.map((part) => wrap(part)).join(joint);
  }
  if (rule["Not"] !== undefined) return `not ${wrap(rule["Not"])}`;
  return comparison(rule);
}

function wrap(rule: Json | undefined): string {
  const text = conditionText(rule);
  return isObject(rule) && (rule["And"] !== undefined || rule["Or"] !== undefined) ? `(${text})` : text;
}
