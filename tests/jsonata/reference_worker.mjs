// The reference implementation in a worker thread, from which it can be recovered when it does not come back: it takes
// [number, expression, data, fresh] and posts [number, answer], an answer as of `pawl jsonata --lines`, or null for one
// that can not be compared.
import {readFileSync} from "node:fs";
import Module from "node:module";
import {join} from "node:path";
import {parentPort, workerData} from "node:worker_threads";

const max_steps = 20000;
const reference_file = join(workerData, "node_modules", "jsonata", "jsonata.js");

// The reference evaluates the items of an array, and the values of an object, interleaved: which of several errors it
// reports, and what a variable holds that one item sets and another reads, depends on how deep each lies. Here it takes
// them one after the other, as we do.
const reference_text = (() => {
    let places = 0;
    const text = readFileSync(reference_file, "utf8").replace(/Promise\.all\(([\w.()]+?)\s*\.map\(async/g, (_, list) => {
        ++places;
        return `(async (list, each) => { const made = []; for (const [i, item] of list.entries()) made.push(await each(item, i)); return made; })(${list}, (async`;
    });
    if (places !== 2) throw new Error(`${reference_file} is not the version that this test knows`);
    return text;
})();

function fresh_reference() {
    const made = new Module(reference_file);
    made._compile(reference_text, reference_file);
    return made.exports;
}

const shared_reference = fresh_reference();
// What it broke off, where it fell over with an error of JavaScript's own, and what JSON can not show.
const incomparable = Symbol("incomparable");

async function answer(expr, data, jsonata) {
    let steps = 0;
    try {
        const expression = jsonata(expr);
        expression.assign(Symbol.for("jsonata.__evaluate_entry"), () => {
            if (++steps > max_steps) throw {code: "U1001"};
        });
        const input = data === undefined ? undefined : JSON.parse(JSON.stringify(data));
        const result = await expression.evaluate(input);
        if (result === undefined) return {undefined: true};
        const text = JSON.stringify(result, plain);
        return text === undefined ? {undefined: true} : {result: JSON.parse(text)};
    } catch (error) {
        if (error === incomparable || typeof error?.code !== "string" || error.code === "U1001" || error.code === "D3121") return incomparable;
        return {error: {code: error.code, position: error.position, token: error.token}};
    }
}

// Functions are no JSON; numbers that JSON does not have are an error of ours.
function plain(_, value) {
    if (typeof value === "function" || value?._jsonata_lambda || value?._jsonata_function) return undefined;
    if (typeof value === "number" && !Number.isFinite(value)) throw incomparable;
    if (typeof value === "string" && /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value)) throw incomparable;
    return value;
}

parentPort.on("message", async ([number, expr, data, fresh]) => {
    // Its built-in functions remember, across evaluations, where they were called last, and report errors there.
    const answered = await answer(expr, data, fresh ? fresh_reference() : shared_reference);
    parentPort.postMessage([number, answered === incomparable ? null : answered]);
});
