// A server of the test's own, a headless Chromium that looks at it, and checks that count.
import {chromium} from "playwright-core";
import {spawn} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import path from "node:path";

export const patience = Number(process.env.PATIENCE ?? 20000);
const axe_source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function expect(condition, message) {
  if (!condition) throw new Error(message);
}

// Starts PAWL_BIN with a store and functions in a folder of its own.
export async function startServer(functions) {
  const folder = mkdtempSync(path.join(tmpdir(), "pawl-browser-"));
  writeFileSync(path.join(folder, "functions.json"), JSON.stringify({functions}));
  const child = spawn(process.env.PAWL_BIN, ["serve", "--listen", "127.0.0.1:0", "--store", `sqlite:${path.join(folder, "pawl.db")}`,
    "--functions", path.join(folder, "functions.json")], {stdio: ["ignore", "pipe", "inherit"]});
  const base = await new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error("the server did not start")), 30000);
    child.stdout.on("data", (data) => {
      const found = /listening on (\S+)/.exec(text += data);
      if (found) { clearTimeout(timer); resolve(found[1]); }
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`the server ended: ${text}`)));
  });
  return {
    base,
    stop: () => new Promise((resolve) => {
      child.removeAllListeners("exit");
      child.once("exit", () => { rmSync(folder, {recursive: true, force: true}); resolve(); });
      child.kill("SIGTERM");
    }),
  };
}

export class Api {
  constructor(base) { this.base = base; }
  async call(method, where, body) {
    const response = await fetch(`${this.base}/api/v1${where}`, {
      method, headers: {"Content-Type": "application/json"}, body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    expect(response.ok, `${method} ${where}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }
  create(name, definition) { return this.call("POST", "/state-machines", {name, definition}); }
  start(machine, body = {}) { return this.call("POST", `/state-machines/${encodeURIComponent(machine)}/executions`, body); }
  get(arn) { return this.call("GET", `/executions/${encodeURIComponent(arn)}`); }
  async ended(arn) {
    for (const began = Date.now(); Date.now() - began < 60000;) {
      const execution = await this.get(arn);
      if (execution.status !== "RUNNING") return execution;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${arn} does not end`);
  }
  async run(machine, body) { return this.ended((await this.start(machine, body)).executionArn); }
}

export async function startBrowser(base) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--force-color-profile=srgb"],
  });
  return {browser, open: (options = {}) => openPage(browser, base, options)};
}

// A page that remembers what it should not have done.
async function openPage(browser, base, options) {
  const context = await browser.newContext({viewport: {width: 1400, height: 900}, baseURL: base, permissions: ["clipboard-read", "clipboard-write"], ...options});
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    if (!why.includes("ABORTED")) complaints.push(`failed request: ${request.url()} ${why}`);  // leaving a page ends its requests
  });
  page.on("response", (response) => { if (response.status() >= 400) complaints.push(`status ${response.status()}: ${response.url()}`); });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== base) complaints.push(`outside request: ${url}`);
  });
  return Object.assign(page, {
    complaints,
    // The browser reports every answer of this status itself: that is no complaint where the answer is what was wanted.
    forgive(status) {
      for (let i = complaints.length - 1; i >= 0; i--) if (complaints[i].includes(`${status}`)) complaints.splice(i, 1);
    },
    expectQuiet() {
      const all = complaints.splice(0);
      expect(all.length === 0, `the page complained:\n${all.join("\n")}`);
    },
    // What axe finds serious or worse.
    async expectAccessible(what) {
      await page.evaluate(axe_source);
      const found = await page.evaluate(() => window.axe.run(document, {resultTypes: ["violations"]}));
      const serious = found.violations.filter((each) => ["serious", "critical"].includes(each.impact));
      expect(serious.length === 0, `${what}: ${serious.map((each) => `${each.id}: ${each.help} (${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")})`).join("\n")}`);
    },
    async expectFits(what) {
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(over <= 1, `${what} is ${over} px wider than the screen`);
    },
  });
}

export class Checks {
  passed = 0;
  failed = 0;
  constructor(pattern) { this.pattern = pattern ? new RegExp(pattern, "i") : null; }
  async check(name, page, body) {
    if (this.pattern && !this.pattern.test(name)) return;
    const began = Date.now();
    try {
      await body();
      page?.expectQuiet();
      this.passed++;
      console.log(`ok      ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      page?.complaints.splice(0);
      this.failed++;
      console.log(`FAILED  ${name}\n        ${String(error.message ?? error).split("\n").slice(0, 12).join("\n        ")}`);
      if (page && process.env.SCREENSHOTS) await page.screenshot({path: path.join(process.env.SCREENSHOTS, `failed-${this.failed}.png`)}).catch(() => {});
    }
  }
}
