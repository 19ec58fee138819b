// A definition as a graph: blocks of states with transitions, Parallel and Map holding blocks of their own. Reads
// whatever is there, so that a definition which is still being written has a picture too.
import {isObject} from "../api/types.ts";
import type {Json, JsonObject} from "../api/types.ts";
import {conditionText} from "./condition.ts";

export type EdgeKind = "next" | "choice" | "default" | "catch";

export interface Edge {
  from: string;
  to: string;
  kind: EdgeKind;
  label: string;
}

export interface StateNode {
  name: string;
  type: string;
  detail: string;  // what stands under the name: a function's name, how long a Wait is
  block: Block;
  fields: JsonObject;
  blocks: Block[];  // branches of a Parallel, the processor of a Map
  terminal: boolean;
}

export interface Block {
  id: string;
  owner: StateNode | null;
  label: string;  // "branch 2"; empty when the owner says it all
  startAt: string;
  states: StateNode[];
  edges: Edge[];
}

export interface Graph {
  top: Block;
  states: Map<string, StateNode>;  // names are unique in a machine
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

// "arn:aws:states:::lambda:invoke" with FunctionName "charge" → "charge".
function taskDetail(fields: JsonObject): string {
  const resource = text(fields["Resource"]);
  const parameters = isObject(fields["Parameters"]) ? fields["Parameters"] : isObject(fields["Arguments"]) ? fields["Arguments"] : {};
  const called = text(parameters["FunctionName"]) || text(parameters["StateMachineArn"]);
  const parts = resource.split(":");
  const waits = resource.endsWith(".waitForTaskToken") ? " · waits for token" : "";
  if (called) return (called.split(":function:")[1] ?? called.split(":").pop() ?? called) + waits;
  if (resource.startsWith("arn:aws:lambda:")) return parts.slice(6).join(":");
  if (resource.includes(":activity:")) return `activity ${parts[parts.length - 1] ?? ""}`;
  return parts.slice(5).filter((part) => part !== "aws-sdk").join(" ") || resource;
}

function waitDetail(fields: JsonObject): string {
  if (typeof fields["Seconds"] === "number") return `${fields["Seconds"]} s`;
  for (const name of ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]) {
    if (typeof fields[name] === "string") return (name.startsWith("Timestamp") ? "until " : "") + fields[name];
  }
  return "";
}

function detailOf(type: string, fields: JsonObject): string {
  switch (type) {
    case "Task": return taskDetail(fields);
    case "Wait": return waitDetail(fields);
    case "Fail": return text(fields["Error"]);
    case "Map": {
      const processor = isObject(fields["ItemProcessor"]) ? fields["ItemProcessor"] : {};
      const config = isObject(processor["ProcessorConfig"]) ? processor["ProcessorConfig"] : {};
      const items = text(fields["Items"]) || text(fields["ItemsPath"]);
      return (text(config["Mode"]) === "DISTRIBUTED" ? "distributed" : "for each") + (items ? ` of ${items}` : " item");
    }
    default: return "";
  }
}

class Reader {
  readonly states = new Map<string, StateNode>();

  block(value: Json | undefined, id: string, label: string, owner: StateNode | null): Block {
    const fields = isObject(value) ? value : {};
    const block: Block = {id, owner, label, startAt: text(fields["StartAt"]), states: [], edges: []};
    const states = isObject(fields["States"]) ? fields["States"] : {};
    for (const [name, state] of Object.entries(states)) {
      if (this.states.has(name)) continue;
      block.states.push(this.state(name, isObject(state) ? state : {}, block));
    }
    for (const state of block.states) this.edges(state, block);
    block.edges = merged(block.edges.filter((edge) => Object.hasOwn(states, edge.to)));
    return block;
  }

  private state(name: string, fields: JsonObject, block: Block): StateNode {
    const type = text(fields["Type"]) || "?";
    const node: StateNode = {
      name, type, detail: detailOf(type, fields), block, fields, blocks: [],
      terminal: fields["End"] === true || type === "Succeed" || type === "Fail",
    };
    this.states.set(name, node);
    if (type === "Parallel") {
      node.blocks = list(fields["Branches"]).map((branch, i) =>
        this.block(branch, `${name}\n${i}`, `branch ${i + 1}`, node));
    } else if (type === "Map") {
      const field = fields["ItemProcessor"] !== undefined ? "ItemProcessor" : "Iterator";
      node.blocks = [this.block(fields[field], `${name}\n0`, "", node)];
    }
    return node;
  }

  private edges(state: StateNode, block: Block): void {
    const {fields, name} = state;
    const add = (to: Json | undefined, kind: EdgeKind, label: string) => {
      if (typeof to === "string") block.edges.push({from: name, to, kind, label});
    };
    if (state.type === "Choice") {
      for (const rule of list(fields["Choices"])) if (isObject(rule)) add(rule["Next"], "choice", conditionText(rule));
      add(fields["Default"], "default", "default");
    } else {
      add(fields["Next"], "next", "");
    }
    for (const catcher of list(fields["Catch"])) {
      if (isObject(catcher)) add(catcher["Next"], "catch", list(catcher["ErrorEquals"]).map(String).join(", "));
    }
  }
}

// One line between two states for each way of getting there: several rules of a Choice with one target become one.
function merged(edges: Edge[]): Edge[] {
  const byEnds = new Map<string, Edge>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to, edge.kind === "catch"]);
    const twin = byEnds.get(key);
    if (!twin) byEnds.set(key, {...edge});
    else if (edge.label) twin.label = twin.label ? `${twin.label}${edge.kind === "catch" ? ", " : " or "}${edge.label}` : edge.label;
  }
  return [...byEnds.values()];
}

export function readGraph(definition: Json): Graph {
  const reader = new Reader();
  return {top: reader.block(definition, "", "", null), states: reader.states};
}

// What a child of a distributed Map runs: that Map's processor, as a definition of its own.
export function processorText(definition: string, map: string): string | null {
  const state = readGraphText(definition)?.states.get(map);
  const processor = state?.fields["ItemProcessor"] ?? state?.fields["Iterator"];
  return isObject(processor) ? JSON.stringify(processor, null, 2) : null;
}

export function readGraphText(definition: string): Graph | null {
  try {
    return readGraph(JSON.parse(definition) as Json);
  } catch {
    return null;
  }
}
