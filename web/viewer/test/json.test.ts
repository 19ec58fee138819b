// Documents: differences, numbers of any size, paths, colours.
import assert from "node:assert/strict";
import {test} from "node:test";
import {conditionText} from "../src/asl/condition.ts";
import {readPicked, writePicked} from "../src/execution/map_picker.tsx";
import {tickStep} from "../src/execution/timeline_rows.ts";
import {diffLines} from "../src/json/diff.ts";
import {tokensOf} from "../src/json/tokens.ts";
import {childPath, parseValue, prettyText} from "../src/json/value.ts";

test("a difference turns the left text into the right one", () => {
  let state = 1;
  const next = (n: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % n;
  };
  for (let round = 0; round < 300; round++) {
    const make = () => Array.from({length: next(12)}, () => "abcd"[next(4)]).join("\n");
    const [left, right] = [make(), make()];
    const lines = diffLines(left, right);
    assert.equal(lines.filter((line) => line.kind !== "added").map((line) => line.text).join("\n"), left);
    assert.equal(lines.filter((line) => line.kind !== "removed").map((line) => line.text).join("\n"), right);
    for (const line of lines) {
      if (line.left !== null) assert.equal(left.split("\n")[line.left - 1], line.text);
      if (line.right !== null) assert.equal(right.split("\n")[line.right - 1], line.text);
    }
  }
});

test("a difference is as short as it can be", () => {
  const changed = (a: string, b: string) => diffLines(a, b).filter((line) => line.kind !== "same").length;
  assert.equal(changed("a\nb\nc", "a\nb\nc"), 0);
  assert.equal(changed("a\nb\nc", "a\nx\nc"), 2);
  assert.equal(changed("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc"), 5);  // the example of Myers' paper
});

test("large texts without anything in common are compared in little time", () => {
  const text = (letter: string) => Array.from({length: 20_000}, (_, i) => `${letter}${i}`).join("\n");
  const began = process.cpuUsage();
  assert.equal(diffLines(text("a"), text("b")).length, 40_000);
  assert.ok(process.cpuUsage(began).user < 10_000_000);  // microseconds; a tenth of it on a usual machine
});

test("numbers keep their digits where the engine tells them", () => {
  const pretty = prettyText("{\"n\":12345678901234567890123,\"s\":\"<b>\"}");
  assert.match(pretty, /^\{\n {2}"n": (12345678901234567890123|1\.2345678901234568e\+22),\n {2}"s": "<b>"\n\}$/);
  assert.equal(prettyText("not json"), "not json");
  assert.ok("error" in parseValue("{"));
});

test("paths are JSONPath", () => {
  assert.equal(childPath(childPath(childPath("$", "order"), 3), "it's"), "$.order[3]['it\\'s']");
});

test("tokens hold every letter of a line", () => {
  for (const line of ["  \"a\": \"b:c\", 1.5e3, true]", "\"unfinished", "{\"a\\\"b\": null}", "plain: words", ""]) {
    assert.equal(tokensOf(line).map((token) => token.text).join(""), line);
  }
  assert.deepEqual(tokensOf("\"a\": -1").map((token) => token.kind), ["name", "sign", "plain", "number"]);
});

test("conditions read like sentences", () => {
  assert.equal(conditionText({And: [{Variable: "$.n", NumericGreaterThan: 3}, {Not: {Variable: "$.done", BooleanEquals: true}}], Next: "X"}), "$.n > 3 and not $.done = true");
  assert.equal(conditionText({Variable: "$.a", IsPresent: false, Next: "X"}), "$.a is not present");
  assert.equal(conditionText({Condition: "{% $n > 1 %}", Next: "X"}), "$n > 1");
});

test("picked iterations survive the address", () => {
  const picked = new Map([["Each, ~one", 3], ["Other", 0]]);
  assert.deepEqual(readPicked(writePicked(picked)), picked);
  assert.deepEqual(readPicked("broken,%zz~1,~"), new Map());
});

test("an axis has few marks at round distances", () => {
  for (const span of [3, 70, 999, 61_000, 86_400_000, 5_000_000_000]) {
    const marks = span / tickStep(span, 7);
    assert.ok(marks <= 7.001 && marks > 1, `${span}: ${marks}`);
  }
});
