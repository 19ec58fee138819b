// Random JSONata expressions and random data to evaluate them on, from a seed. Most are well-typed enough to get somewhere;
// the rest are there for the errors.

// Mulberry32: small, and the same everywhere.
export function random_source(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let bits = state;
        bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
        bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
        return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
    };
    const below = (n) => Math.floor(next() * n);
    return {next, below, one_of: (list) => list[below(list.length)], chance: (p) => next() < p};
}

const names = ["a", "b", "c", "id", "name", "price", "items", "tags", "`odd key`", "when"];
const words = ["", "a", "b", "x y", "Hello, World", "ab12cd", "0.50", "-3.5e2", "1e999", "true", "null", "ünï", "日本語", "😀 ok",
    "2024-02-29T12:30:45.678Z", "2017-10-30", "a,b;c", "%41%zz", "YWJj", "line\nbreak", "tab\there", "quote\"d", "  spaced  out  "];
const numbers = [0, 1, 2, 3, -1, -2, 5, 10, 100, 0.5, 1.5, 2.5, -0.5, 0.1, 1e-7, 123456.789, 1e15, 1e21, 1e-20, 255, 1509380732935,
    -62135596800000, 3.14159, 99.995, 1e100, 4294967296, 9007199254740991];

export function random_data(random, depth = 3) {
    const kind = random.below(depth > 0 ? 12 : 7);
    if (kind < 2) return random.one_of(numbers);
    if (kind < 4) return random.one_of(words);
    if (kind === 4) return random.chance(0.5);
    if (kind === 5) return null;
    if (kind === 6) return random.below(20) - 5;
    if (kind < 9) {
        const alike = random.chance(0.6);
        const first = random_data(random, depth - 1);
        return Array.from({length: random.below(5)}, () =>
            alike && typeof first === "number" ? random.one_of(numbers)
                : alike && typeof first === "string" ? random.one_of(words)
                    : alike && first !== null && typeof first === "object" && !Array.isArray(first) ? random_object(random, depth - 1)
                        : random_data(random, depth - 1));
    }
    return random_object(random, depth - 1);
}

function random_object(random, depth) {
    const made = {};
    const count = random.below(6);
    for (let i = 0; i < count; ++i) made[random.one_of(names).replaceAll("`", "")] = random_data(random, depth);
    return made;
}

const number_pictures = ["0", "#,##0.00", "#0.0#", "00.000e0", "0%", "0‰", "#,##,##0", "##0;(##0)", "#.#", "x0y", "0.0.0", "", "#", ",0", "0,", "0e0", "#0,00", "٠٠", "000;-"];
const integer_pictures = ["1", "01", "#,##0", "i", "I", "a", "A", "w", "W", "Ww", "w;o", "1;o", "0001", "#", "Α", "١", "#'##0", "##,#,0", "", "Ww;o", "一"];
const date_pictures = ["[Y0001]-[M01]-[D01]", "[D1o] [MNn] [Y]", "[H01]:[m01]:[s01].[f001]", "[h#1]:[m01] [P]", "[FNn], [D]/[M]/[Y,2-2]", "[W01]", "[d]", "[Z]",
    "[z]", "[Z01:01t]", "[YI]", "[Dwo]", "[X]-W[W01]-[F1]", "[[[Y]]]", "[Y", "[Q]", "[MN,3-3]", "[H]", "[w]", "[x]", "[f1]", "[PN]", "[E]", "[D1o] of [MNn]", "[Yw]", "[M,1-1]", "[C]"];
const zones = ["+0000", "-0500", "+0530", "0100", "-1130"];
const patterns = ["/a/", "/[a-z]+/", "/(\\w)(\\d)?/", "/o/i", "/\\s+/", "/^l/m", "/,|;/", "/(a)|(b)/", "/./", "/\\d{2}/", "/(?:l+)o/", "/\\bW/", "/ü/i", "/x*/", "/[^,]*/"];
const replacements = ["-", "$0", "<$1>", "$2$1", "$$", "$", "$12", "${1}", ""];

// What a function wants, and how to write a call. Types: n number, s text, b truth, a array, o object, f function, x any.
const calls = {
    n: ["$sum(a)", "$count(a)", "$max(a)", "$min(a)", "$average(a)", "$length(s)", "$number(x)", "$floor(n)", "$ceil(n)", "$round(n)", "$round(n, k)", "$abs(n)",
        "$sqrt(n)", "$power(n, k)", "$parseInteger(s, ip)", "$toMillis(s)", "$toMillis(s, dp)", "$reduce(a, f2)", "$reduce(a, f2, n)"],
    s: ["$string(x)", "$string(x, b)", "$substring(s, k)", "$substring(s, k, k)", "$substringBefore(s, s)", "$substringAfter(s, s)", "$uppercase(s)", "$lowercase(s)",
        "$trim(s)", "$pad(s, k)", "$pad(s, k, s)", "$replace(s, r, rp)", "$replace(s, s, s)", "$replace(s, s, s, k)", "$replace(s, r, fm)", "$join(a)", "$join(as, s)",
        "$formatNumber(n, np)", "$formatBase(n)", "$formatBase(n, k)", "$formatInteger(n, ip)", "$base64encode(s)", "$base64decode(s)", "$encodeUrl(s)", "$encodeUrlComponent(s)",
        "$decodeUrl(s)", "$decodeUrlComponent(s)", "$fromMillis(n)", "$fromMillis(n, dp)", "$fromMillis(n, dp, z)", "$type(x)"],
    b: ["$contains(s, s)", "$contains(s, r)", "$boolean(x)", "$not(x)", "$exists(x)"],
    a: ["$split(s, s)", "$split(s, r)", "$split(s, s, k)", "$match(s, r)", "$match(s, r, k)", "$map(a, f)", "$filter(a, f)", "$append(x, x)", "$reverse(a)", "$sort(a)",
        "$sort(a, f2)", "$distinct(x)", "$zip(a, a)", "$zip(a, a, a)", "$keys(o)", "$spread(o)", "$each(o, f)", "$match(s, r).groups", "$map(a, $string)", "$shuffle([x])"],
    o: ["$merge(a)", "$merge([o, o])", "$sift(o, f)", "$clone(o)", "$single(a, f)", "$lookup(o, s)", "$single(a)", "$lookup(a, s)"],
    x: ["$lookup(x, s)", "$single(a, f)", "$eval(t)", "$assert(b, s)", "$error(s)"],
};

// Grows one expression. `want` is the type it should have, `depth` what is left to nest.
export class Generator {
    constructor(random) {
        this.random = random;
        this.variables = [];  // in scope, without the $
    }

    expression(want = "x", depth = 4) {
        const {random} = this;
        if (random.chance(0.04)) want = random.one_of(["n", "s", "b", "a", "o", "x", "f"]);
        if (depth <= 0) return this.leaf(want);
        const choice = random.below(20);
        if (choice < 3) return this.leaf(want);
        if (choice < 8 && want !== "f") return this.path(depth);
        if (choice < 9) return `(${this.block(want, depth - 1)})`;
        if (choice < 10) return `${this.operand("b", depth)} ? ${this.operand(want, depth)} : ${this.operand(want, depth)}`;
        if (choice < 11) return this.chained(want, depth);
        return this.typed(want, depth);
    }

    typed(want, depth) {
        const {random} = this;
        switch (want) {
            case "n":
                if (random.chance(0.1)) return `-${this.operand("n", depth)}`;
                if (random.chance(0.5)) return `${this.operand("n", depth)} ${random.one_of(["+", "-", "*", "/", "%"])} ${this.operand("n", depth)}`;
                return this.call("n", depth);
            case "s":
                if (random.chance(0.3)) return `${this.operand("x", depth)} & ${this.operand("x", depth)}`;
                return this.call("s", depth);
            case "b":
                if (random.chance(0.3)) return `${this.operand("b", depth)} ${random.one_of(["and", "or"])} ${this.operand("b", depth)}`;
                if (random.chance(0.6)) {
                    const type = random.one_of(["n", "s", "x"]);
                    return `${this.operand(type, depth)} ${random.one_of(["=", "!=", "<", "<=", ">", ">=", "in"])} ${this.operand(random.chance(0.2) ? "a" : type, depth)}`;
                }
                return this.call("b", depth);
            case "a":
                if (random.chance(0.3)) return `[${this.list(random.below(4), () => this.expression("x", depth - 1))}]`;
                if (random.chance(0.2)) return `[${this.range(depth)}]`;
                return this.call("a", depth);
            case "o":
                if (random.chance(0.5)) return this.object(depth);
                if (random.chance(0.2)) return `${this.operand("o", depth)} ~> ${this.transform(depth)}`;
                return this.call("o", depth);
            case "f":
                return this.lambda(1 + random.below(2), depth);
            default:
                if (random.chance(0.15)) return `${this.operand("x", depth)} ${random.one_of(["??", "?:"])} ${this.operand("x", depth)}`;
                if (random.chance(0.1)) return this.call("x", depth);
                return this.typed(random.one_of(["n", "s", "b", "a", "o"]), depth);
        }
    }

    operand(want, depth) {
        const text = this.expression(want, depth - 1);
        return /^[$\w.]+$/.test(text) || this.random.chance(0.3) ? text : `(${text})`;
    }

    leaf(want) {
        const {random} = this;
        if (this.variables.length > 0 && random.chance(0.4)) return "$" + random.one_of(this.variables);
        if (random.chance(0.2)) return random.one_of(names);
        switch (want) {
            case "n": return String(random.chance(0.5) ? random.below(10) : random.one_of(numbers));
            case "s": return JSON.stringify(random.one_of(words));
            case "b": return random.one_of(["true", "false", "a = 1", "b"]);
            case "a": return random.one_of(["[]", "[1]", "[1, 2, 3]", "items", "tags", "[3, 1, 2]", "[\"b\", \"a\"]", "[[1], [2, 3]]", "[{\"a\": 1}, {\"a\": 2}]", "*", "items.price"]);
            case "o": return random.one_of(["{}", "{\"a\": 1}", "{\"a\": [1, 2], \"b\": \"x\"}", "$", "items[0]", "{\"a\": {\"b\": null}}"]);
            case "f": return random.one_of(["$string", "$uppercase", "$sum", "$exists", "function($v) { $v }", "/a/", "$append(?, 1)", "$not"]);
            default: return random.one_of(["$", "$$", "null", "nothing", "1", "\"a\"", "[]", "a.b", "*", "**", "a", "items"]);
        }
    }

    path(depth) {
        const {random} = this;
        let text = random.one_of([() => random.one_of(names), () => random.one_of(names), () => "$", () => "$$", () => "*", () => "**", () => this.operand("a", depth), () => this.operand("o", depth)])();
        text += this.after_step(depth);
        const steps = random.below(3);
        for (let i = 0; i < steps; ++i) {
            text += "." + random.one_of([() => random.one_of(names), () => random.one_of(names), () => "*", () => "**", () => "%", () => `%.${random.one_of(names)}`, () => `(${this.expression("x", depth - 1)})`,
                () => this.object(depth - 1), () => `[${this.list(1 + random.below(2), () => this.expression("x", depth - 2))}]`, () => this.call("s", depth - 1), () => "$", () => this.leaf("s")])();
            text += this.after_step(depth);
        }
        return text;
    }

    after_step(depth) {
        const {random} = this;
        let text = "";
        while (random.chance(0.3)) {
            const kind = random.below(14);
            if (kind < 3) text += `[${random.below(4) - 1}]`;
            else if (kind < 6) text += `[${this.expression("b", depth - 2)}]`;
            else if (kind === 6) text += "[]";
            else if (kind === 7) text += `[[${random.below(2)}..${random.below(3)}]]`;
            else if (kind < 10) text += `^(${this.list(1 + random.below(2), () => random.one_of(["", "<", ">"]) + this.expression(random.one_of(["n", "s", "x"]), depth - 3))})`;
            else if (kind === 10) text += this.object(depth - 2);
            else if (kind === 11) text += this.bound("@");
            else if (kind === 12) text += this.bound("#");
            else text += `[${this.expression("n", depth - 2)}]`;
        }
        return text;
    }

    bound(mark) {
        const name = this.random.one_of(["i", "j", "o"]);
        this.variables.push(name);
        return `${mark}$${name}`;
    }

    object(depth) {
        const key = () => this.random.chance(0.75) ? JSON.stringify(this.random.one_of(["a", "b", "k", "name", "x y"])) : this.expression("s", depth - 2);
        return `{${this.list(this.random.below(3) + (this.random.chance(0.8) ? 1 : 0), () => `${key()}: ${this.expression("x", depth - 1)}`)}}`;
    }

    range(depth) {
        const {random} = this;
        return random.chance(0.8) ? `${random.below(4) - 1}..${random.below(6)}` : `${this.operand("n", depth - 2)}..${random.below(5)}`;
    }

    block(want, depth) {
        const {random} = this;
        const before = this.variables.length;
        const parts = [];
        const count = random.below(3);
        for (let i = 0; i < count; ++i) {
            const name = random.one_of(["p", "q", "r", "sum"]);
            const is_function = random.chance(0.25);
            parts.push(`$${name} := ${is_function ? this.lambda(1, depth - 1) : this.expression("x", depth - 1)}`);
            if (is_function && random.chance(0.7)) parts.push(`$${name}(${this.expression("x", depth - 2)})`);
            else this.variables.push(name);
        }
        parts.push(this.expression(want, depth));
        this.variables.length = before;
        return parts.join("; ");
    }

    lambda(arity, depth) {
        const {random} = this;
        const parameters = ["v", "w", "z"].slice(0, arity);
        const before = this.variables.length;
        this.variables.push(...parameters);
        const body = random.chance(0.2) ? this.block("x", depth - 2) : this.expression(random.one_of(["x", "b", "n", "s"]), depth - 1);
        this.variables.length = before;
        const signature = random.chance(0.1) ? random.one_of(["<n:n>", "<s:s>", "<x-:x>", "<a<n>:n>", "<(ns):s>", "<o?:x>", "<nn:n>", "<j:b>", "<s-n?:s>"]) : "";
        return `${random.one_of(["function", "λ"])}(${parameters.map((name) => "$" + name).join(", ")})${signature}{${body}}`;
    }

    chained(want, depth) {
        const {random} = this;
        const target = random.one_of([() => "$string", () => "$uppercase()", () => "$sum", () => "$join(\"-\")", () => "$map(function($v){$v})", () => `$substring(?, ${random.below(3)})`,
            () => this.transform(depth - 1), () => this.lambda(1, depth - 1), () => "$count()", () => "$append(1)", () => "$sort", () => "$exists", () => "$keys()", () => "$length"])();
        return `${this.operand("x", depth)} ~> ${target}`;
    }

    transform(depth) {
        const {random} = this;
        const deletion = random.chance(0.3) ? `, ${random.one_of(["\"a\"", "[\"a\", \"b\"]", "1", "nothing"])}` : "";
        return `|${random.one_of(["$", "items", "a", "*", "a.b", "**", "items[0]"])}|${random.chance(0.9) ? this.object(depth - 2) : this.expression("x", depth - 2)}${deletion}|`;
    }

    call(want, depth) {
        const {random} = this;
        const picture = random.one_of(calls[want] ?? calls.x);
        if (random.chance(0.03)) return picture.replace(/\(.*\)/, `(${this.list(random.below(4), () => this.expression("x", depth - 2))})`);
        const open = picture.indexOf("(");
        return picture.slice(0, open) + picture.slice(open).replace(/\b(as|ip|np|dp|rp|fm|f2|[nsbaofxkrzt])\b/g, (kind) => this.argument(kind, depth - 1));
    }

    argument(kind, depth) {
        const {random} = this;
        const literal = (list) => random.chance(0.93) ? JSON.stringify(random.one_of(list)) : this.expression("s", depth - 1);
        switch (kind) {
            case "as": return `["a", ${this.leaf("s")}, ${this.leaf("s")}]`;
            case "ip": return literal(integer_pictures);
            case "np": return literal(number_pictures);
            case "dp": return literal(date_pictures);
            case "z": return literal(zones);
            case "rp": return literal(replacements);
            case "r": return random.one_of(patterns);
            case "t": return JSON.stringify(this.expression("x", Math.min(depth, 2)));
            case "k": return String(random.chance(0.9) ? random.below(12) - 3 : random.one_of(numbers.filter((n) => Math.abs(n) < 1000)));
            case "fm": return `function($m){${random.one_of(["$m.match", "$uppercase($m.match)", "$m.groups[0]", "$m.start", "\"\"", "$m"])}}`;
            case "f2": return this.lambda(2, depth);
            default: return this.expression(kind, depth);
        }
    }

    list(count, make) { return Array.from({length: count}, make).join(", "); }
}

const token = /\s+|"(?:[^"\\]|\\.)*"|\/(?:[^/\\\s]|\\.)+\/[a-z]*|`[^`]*`|\$?[\w\u0080-\uffff]+|~>|:=|!=|<=|>=|\.\.|\*\*|\?\?|\?:|[^]/g;
export const tokens_of = (text) => text.match(token) ?? [];

// The text with a few of its tokens dropped, doubled, exchanged or replaced: mostly syntax errors.
export function damaged(text, random) {
    const tokens = tokens_of(text);
    const strange = ["(", ")", "[", "]", "{", "}", "|", ".", "..", ":=", "~>", "^", "@", "#", "%", "$x", "\"s\"", "1", "and", "in", "?", ":", ";", ",", "function", "!", "/", "*", "??", "-", "&", "1.5e3", "/*c*/", "~", "`", "\"", "<", "\\"];
    for (let changes = 1 + random.below(2); changes > 0 && tokens.length > 0; --changes) {
        const at = random.below(tokens.length);
        const kind = random.below(4);
        if (kind === 0) tokens.splice(at, 1);
        else if (kind === 1) tokens.splice(at, 0, tokens[at]);
        else if (kind === 2) tokens.splice(at, 0, random.one_of(strange));
        else tokens[at] = random.chance(0.5) ? random.one_of(strange) : random.one_of(tokens);
    }
    return tokens.join("");
}
