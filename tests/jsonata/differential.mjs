// Random expressions over random data: what `pawl jsonata --lines` answers against the reference implementation.
//
//   node tests/jsonata/differential.mjs --reference FOLDER [--seed N] [--seconds N] [--cases N] [--suite FOLDER] [--all]
//
//   PAWL_BIN      the pawl to test
//   --reference   the folder with node_modules/jsonata (scripts/jsonata-differential installs it)
//   --suite       a folder with a cases.json, see run_suite.py: its expressions and data are varied too
//   --all         goes on after 20 differences
//
// A difference is made small and printed as a case that can be kept in cases.json beside this file.
import {spawnSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {Worker} from "node:worker_threads";

import {Generator, damaged, random_data, random_source, tokens_of} from "./generate.mjs";

const {values: options} = parseArgs({options: {
    reference: {type: "string"}, seed: {type: "string", default: "1"}, seconds: {type: "string", default: "60"},
    cases: {type: "string", default: "1000000000"}, suite: {type: "string"}, all: {type: "boolean", default: false},
}});
const random = random_source(Number(options.seed));

// Answers of the reference, in order; null where none can be compared: it did not come back, fell over with an error of
// JavaScript's own, or met a limit.
class Reference {
    async answers(cases, fresh = false) {
        const answers = [];
        while (answers.length < cases.length) {
            const first = answers.length;
            this.worker ??= new Worker(new URL("reference_worker.mjs", import.meta.url),
                {workerData: options.reference, resourceLimits: {maxOldGenerationSizeMb: 400}, stderr: true});
            for (let i = first; i < cases.length; ++i) this.worker.postMessage([i, cases[i].expr, cases[i].data, fresh]);
            const lost = await new Promise((resolve) => {
                let timer;
                const lose = () => resolve(true);
                const wait = () => { clearTimeout(timer); timer = setTimeout(lose, 3000); };
                this.worker.removeAllListeners();
                this.worker.on("error", lose).on("message", ([, answer]) => {
                    answers.push(answer);
                    if (answers.length === cases.length) { clearTimeout(timer); resolve(false); } else wait();
                });
                wait();
            });
            if (!lost) break;
            answers.push(null);
            await this.worker.terminate();
            this.worker = undefined;
        }
        return answers;
    }
    end() { return this.worker?.terminate(); }
}
const reference = new Reference();

function pawl_answers(cases) {
    const input = cases.map(({expr, data}) => JSON.stringify({expr, data}) + "\n").join("");
    const ran = spawnSync(process.env.PAWL_BIN, ["jsonata", "--lines"], {input, encoding: "utf8", maxBuffer: 1 << 30});
    const lines = ran.stdout.split("\n").slice(0, -1);
    if (ran.status !== 0 || lines.length !== cases.length) {
        const at = cases[Math.min(lines.length, cases.length - 1)];
        console.log(`pawl ended (${ran.status ?? ran.signal}) at ${JSON.stringify(at)}\n${ran.stderr}`);
        console.log("0 passed, 1 failed");
        process.exit(1);
    }
    return lines.map((line) => JSON.parse(line));
}

// A built-in function that is applied in part checks no argument in the reference.
const unchecked = /^T041[012]$/;
const is_now = (time) => Math.abs(time - Date.now()) < 60000;

// What JavaScript prints for dates and parts of pictures that there are none of, and we report.
const no_number = /NaN|undefined/;

function same(a, b) {
    if (Array.isArray(a) && a.length === 1 && a[0] === null && Array.isArray(b) && b.length === 0) return true;  // it changes empty inputs
    if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
    if (a !== null && typeof a === "object") {
        if (b === null || typeof b !== "object" || Array.isArray(b)) return false;
        const keys = Object.keys(a);
        return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
    }
    if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= Math.abs(a) * 1e-15 || is_now(a) && is_now(b);  // $power
    return a === b;
}

// Errors are the same when code, position and token are; where the reference gives no place or token, ours may.
function agree({expr}, reference, ours) {
    if (reference === null) return true;
    if (/\?\?|\?:/.test(expr) && /\//.test(expr)) return true;  // it loses regular expressions on the left of these
    if (unchecked.test(ours.error?.code) && /\?\s*[,)]/.test(expr)) return true;
    if (ours.error?.code === "D1001" && ours.error.token === "fromMillis") return true;
    if (reference.error) {
        const {code, position, token} = ours.error ?? {};
        const {error} = reference;
        return code === error.code && (error.position === undefined || position === error.position) &&
            (error.token === undefined || same(error.token, token));
    }
    if (no_number.test(JSON.stringify(reference.result)) && ours.error) return true;
    return reference.undefined ? ours.undefined === true : "result" in ours && same(reference.result, ours.result);
}

let broken_off = 0;

// Those of the cases that the reference answers otherwise, with both answers; of the first only, if so wanted.
async function differences_of(cases, only_first) {
    const ours = pawl_answers(cases);
    // What exceeds our limits is nothing to ask the reference for.
    const asked = cases.map((_, i) => i).filter((i) => ours[i].error?.code !== "U1001");
    const theirs = await reference.answers(asked.map((i) => cases[i]));
    broken_off += cases.length - asked.length + theirs.filter((answer) => answer === null).length;
    const found = [];
    for (const [at, i] of asked.entries()) {
        if (agree(cases[i], theirs[at], ours[i])) continue;
        const [sure] = await reference.answers([cases[i]], true);
        if (agree(cases[i], sure, ours[i])) continue;
        found.push({candidate: cases[i], reference: sure, ours: ours[i]});
        if (only_first) break;
    }
    return found;
}

// Texts that lack some tokens, data that lacks some members: large pieces first.
function* smaller_texts(text) {
    const tokens = tokens_of(text);
    for (let length = tokens.length >> 1; length >= 1; length >>= 1) {
        for (let at = 0; at + length <= tokens.length; at += Math.max(1, length >> 1)) {
            yield [...tokens.slice(0, at), ...tokens.slice(at + length)].join("");
            if (length < 4) continue;
            yield [...tokens.slice(0, at), "1", ...tokens.slice(at + length)].join("");
        }
    }
    // Balanced pieces, alone and replaced by something short.
    for (let from = 0; from < tokens.length; ++from) {
        if (!"([{".includes(tokens[from])) continue;
        for (let depth = 0, to = from; to < tokens.length; ++to) {
            if ("([{".includes(tokens[to])) ++depth;
            if (")]}".includes(tokens[to]) && --depth === 0) {
                yield tokens.slice(from + 1, to).join("");
                yield [...tokens.slice(0, from), ...tokens.slice(from + 1, to), ...tokens.slice(to + 1)].join("");
                yield [...tokens.slice(0, from), ...tokens.slice(to + 1)].join("");
                yield [...tokens.slice(0, from + 1), "1", ...tokens.slice(to)].join("");
                break;
            }
        }
    }
}

function* smaller_data(data) {
    if (data === undefined) return;
    yield undefined;
    if (data === null || typeof data !== "object") return;
    yield 1;
    for (const key of Object.keys(data)) {
        const part = data[key];
        yield part;
        if (Array.isArray(data)) yield data.filter((_, i) => i !== Number(key));
        else yield Object.fromEntries(Object.entries(data).filter(([name]) => name !== key));
        for (const small of smaller_data(part)) {
            if (small === undefined) continue;
            yield Array.isArray(data) ? data.map((item, i) => (i === Number(key) ? small : item)) : {...data, [key]: small};
        }
    }
}

async function minimised(found) {
    const size = ({expr, data}) => expr.length + (JSON.stringify(data)?.length ?? 0);
    for (let rounds = 0; rounds < 60; ++rounds) {
        const {expr, data} = found.candidate;
        const candidates = [];
        for (const text of smaller_texts(expr)) candidates.push({expr: text, data});
        for (const small of smaller_data(data)) candidates.push({expr, data: small});
        candidates.sort((a, b) => size(a) - size(b));
        const smaller = candidates.filter((candidate) => size(candidate) < size(found.candidate));
        let better;
        for (let at = 0; at < smaller.length && !better; at += 50) [better] = await differences_of(smaller.slice(at, at + 50), true);
        if (!better) break;
        found = better;
    }
    return found;
}

let suite_cases = [];
let suite_data = [];
if (options.suite) {
    const suite = JSON.parse(readFileSync(join(options.suite, "cases.json"), "utf8"));
    const chance = /\$(random|shuffle|now|millis|uuid|hash|range|partition|parse)\b/;
    suite_cases = suite.cases.filter(({expr, depth, timelimit}) => !chance.test(expr) && !depth && !timelimit)
        .map(({expr, data, dataset}) => ({expr, data: data ?? suite.datasets[dataset]}));
    suite_data = Object.values(suite.datasets).filter((data) => JSON.stringify(data).length < 5000);
}

// Two expressions of the suite, one with a piece of the other in it.
function crossed(a, b) {
    const tokens = tokens_of(a);
    const others = tokens_of(b);
    const from = random.below(others.length + 1);
    tokens.splice(random.below(tokens.length + 1), random.below(4), ...others.slice(from, from + 1 + random.below(8)));
    return tokens.join("");
}

function random_case() {
    if (suite_cases.length > 0 && random.chance(0.5)) {
        const one = random.one_of(suite_cases);
        const expr = random.chance(0.5) ? damaged(one.expr, random) : crossed(one.expr, random.one_of(suite_cases).expr);
        return {expr, data: random.chance(0.8) ? one.data : random.one_of(suite_data)};
    }
    let expr = new Generator(random).expression("x", 2 + random.below(4));
    if (random.chance(0.15)) expr = damaged(expr, random);
    return {expr, data: random.chance(0.05) ? undefined : random_data(random, 4)};
}

// Ranges that the reference makes and we do not; empty matches at the end, from which its $replace does not come back.
const huge = /\.\.\s*\(?\d{5}|\$\//;
const uncertain = /\$(random|shuffle|now|millis)\b/;
const until = Date.now() + Number(options.seconds) * 1000;
let done = 0;
const differences = new Map();
while (Date.now() < until && done < Number(options.cases) && (options.all || differences.size < 20)) {
    const batch = [];
    while (batch.length < Math.min(500, Number(options.cases) - done)) {
        const made = random_case();
        if (made.expr.length < 2000 && made.expr.isWellFormed?.() !== false && !huge.test(made.expr) && !uncertain.test(made.expr)) batch.push(made);
    }
    done += batch.length;
    for (const found of await differences_of(batch)) {
        const before = broken_off;
        const small = await minimised(found);
        broken_off = before;
        const shown = JSON.stringify(small.candidate);
        if (differences.has(shown)) continue;
        differences.set(shown, small);
        console.log(`${shown}\n  reference: ${JSON.stringify(small.reference)}\n  pawl:      ${JSON.stringify(small.ours)}`);
    }
}
console.log(`seed ${options.seed}: ${done} expressions, ${broken_off} without an answer that counts`);
console.log(`${done - broken_off - differences.size} passed, ${differences.size} failed`);
await reference.end();
process.exit(differences.size > 0 || done === broken_off ? 1 : 0);
