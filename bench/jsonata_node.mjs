// The reference implementation of JSONata on Node, measured as jsonata_bench.cpp measures ours: an expression that was
// compiled once, a JSON text in, a JSON text out. Prints CPU nanoseconds an evaluation, as JSON.
//
//   node bench/jsonata_node.mjs FOLDER_WITH_NODE_MODULES
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";

const jsonata = createRequire(join(process.argv[2], "node_modules", "x.js"))("jsonata");
const {expressions, input} = JSON.parse(readFileSync(new URL("jsonata_workloads.json", import.meta.url), "utf8"));
const text = JSON.stringify(input);
const cpu_ns = () => { const {user, system} = process.cpuUsage(); return (user + system) * 1000; };
const measured = {};
for (const [name, expression] of Object.entries(expressions)) {
    const compiled = jsonata(expression);
    // Rounds until they have taken long enough; the first third only warms up the compiler, and the best round counts.
    const rounds = [];
    const until = cpu_ns() + 1e9;
    for (let count = 1; cpu_ns() < until; count = Math.min(count * 2, 2000)) {
        const before = cpu_ns();
        for (let i = 0; i < count; ++i) JSON.stringify(await compiled.evaluate(JSON.parse(text)));
        if (count >= 64) rounds.push((cpu_ns() - before) / count);
    }
    measured[name] = Math.min(...rounds.slice(Math.floor(rounds.length / 3)));
}
console.log(JSON.stringify(measured));
