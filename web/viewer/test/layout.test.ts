// Layouts of many shapes: no two boxes overlap unless one holds the other, and every line ends at its states.
import assert from "node:assert/strict";
import {test} from "node:test";
import type {Json, JsonObject} from "../src/api/types.ts";
import {readGraph} from "../src/asl/definition.ts";
import type {Box, Picture} from "../src/graph/geometry.ts";
import {layoutGraph} from "../src/graph/layout.ts";

const pass = (next?: string): JsonObject => (next === undefined ? {Type: "Pass", End: true} : {Type: "Pass", Next: next});

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

// A machine of any shape: jumps forth and back, choices, catches, forks within forks.
function machine(next: () => number, size: number, depth: number, prefix: string): JsonObject {
  const name = (i: number) => `${prefix}${i}${"x".repeat(Math.floor(i * 7) % 30)}`;
  const any = () => name(Math.floor(next() * size));
  const states: JsonObject = {};
  for (let i = 0; i < size; i++) {
    const follow: JsonObject = i === size - 1 ? {End: true} : {Next: name(i + 1)};
    const kind = next();
    if (kind < 0.2 && i < size - 1) {
      states[name(i)] = {Type: "Choice", Default: name(i + 1), Choices: [1, 2, 3].map((n) => ({Variable: "$.n", NumericEquals: n, Next: any()}))};
    } else if (kind < 0.35 && depth > 0) {
      states[name(i)] = {Type: "Parallel", ...follow, Branches: [0, 1, 2].map((b) => machine(next, 1 + Math.floor(next() * 4), depth - 1, `${prefix}${i}.${b}.`))};
    } else if (kind < 0.45 && depth > 0) {
      states[name(i)] = {Type: "Map", ...follow, ItemProcessor: machine(next, 1 + Math.floor(next() * 4), depth - 1, `${prefix}${i}m`)};
    } else {
      states[name(i)] = {Type: "Task", Resource: "arn:aws:states:::lambda:invoke", ...follow, ...(next() < 0.5 && {Catch: [{ErrorEquals: ["States.ALL"], Next: any()}]})};
    }
  }
  return {StartAt: name(0), States: states};
}

const inside = (a: Box, b: Box): boolean => a.x >= b.x - 0.5 && a.y >= b.y - 0.5 && a.x + a.width <= b.x + b.width + 0.5 && a.y + a.height <= b.y + b.height + 0.5;
const apart = (a: Box, b: Box): boolean => a.x + a.width <= b.x + 0.5 || b.x + b.width <= a.x + 0.5 || a.y + a.height <= b.y + 0.5 || b.y + b.height <= a.y + 0.5;

function check(picture: Picture, what: string): void {
  const {boxes} = picture;
  for (let i = 0; i < boxes.length; i++) {
    const a = boxes[i]!;
    assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= picture.width && a.y + a.height <= picture.height, `${what}: ${a.id} lies outside`);
    for (let k = i + 1; k < boxes.length; k++) {
      const b = boxes[k]!;
      const holds = a.depth !== b.depth || a.kind === "branch" || b.kind === "branch" ? inside(a, b) || inside(b, a) : false;
      assert.ok(apart(a, b) || holds, `${what}: ${a.id} overlaps ${b.id}`);
    }
  }
  const byState = new Map(boxes.filter((box) => box.state !== "").map((box) => [box.state, box]));
  for (const line of picture.lines) {
    assert.ok(line.points.length >= 2, `${what}: ${line.id} has no way`);
    const first = line.points[0]!;
    const last = line.points[line.points.length - 1]!;
    for (const [end, state] of [[first, line.from], [last, line.to]] as const) {
      const box = byState.get(state);
      if (!box) continue;
      assert.ok(end.x >= box.x - 2 && end.x <= box.x + box.width + 2 && end.y >= box.y - 2 && end.y <= box.y + box.height + 2, `${what}: ${line.id} does not end at ${state}`);
    }
  }
}

test("boxes never overlap and lines end where they should", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const next = random(seed);
    const definition = machine(next, 2 + Math.floor(next() * 14), 2, "s");
    const graph = readGraph(definition);
    const picture = layoutGraph(graph);
    check(picture, `seed ${seed}`);
    assert.equal(picture.boxes.filter((box) => box.state !== "").length, graph.states.size);
  }
});

test("500 states are laid out in little time", () => {
  const graph = readGraph(machine(random(7), 500, 0, "s"));
  const began = process.cpuUsage();
  const picture = layoutGraph(graph);
  assert.ok(process.cpuUsage(began).user < 10_000_000);  // microseconds; a tenth of it on a usual machine
  check(picture, "500 states");
});

test("a transition over many ranks goes around the side", () => {
  const states: JsonObject = {};
  for (let i = 0; i < 20; i++) states[`s${i}`] = {...pass(i < 19 ? `s${i + 1}` : undefined), ...(i === 0 && {Type: "Task", Catch: [{ErrorEquals: ["E"], Next: "s19"}]})};
  const picture = layoutGraph(readGraph({StartAt: "s0", States: states}));
  check(picture, "far");
  const far = picture.lines.find((line) => line.kind === "catch")!;
  const rightmost = Math.max(...picture.boxes.map((box) => box.x + box.width));
  assert.ok(Math.max(...far.points.map((point) => point.x)) > rightmost);
});

test("what is no definition has a picture all the same", () => {
  for (const value of [null, 1, "x", [], {}, {States: 1}, {States: {A: null}}, {StartAt: "B", States: {A: {Type: "Pass", Next: "C"}}},
    {StartAt: "A", States: {A: {Type: "Parallel", Branches: 7}, B: {Type: "Map"}}}, {StartAt: "A", States: {A: {Type: "Pass", Next: "A"}}}] as Json[]) {
    check(layoutGraph(readGraph(value)), JSON.stringify(value));
  }
});
