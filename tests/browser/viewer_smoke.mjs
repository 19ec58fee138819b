// The viewer in headless Chromium against a running server: every page, deep links, live events, hostile texts.
// No page may log an error, overflow a narrow screen, or ask another host for anything.
import {chromium} from "playwright-core";
import {mkdirSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";

const base = new URL(process.argv[2] ?? "http://127.0.0.1:8083").origin;
const patience = 15000;
const script = "<script>window.hacked=1</script>";
const image = "<img src=x onerror=\"window.hacked=1\">";
const tag = `smoke-${process.pid}-${Date.now().toString(36)}`;
const machines = {
  [`${tag}-hello`]: {StartAt: script, States: {[script]: {Type: "Pass", Result: {text: image}, Next: "Done"}, Done: {Type: "Succeed"}}},
  [`${tag}-fail`]: {StartAt: "No", States: {No: {Type: "Fail", Error: script, Cause: image}}},
  [`${tag}-wait`]: {StartAt: "Wait", States: {Wait: {Type: "Wait", Seconds: 3600, End: true}}},
};
const [hello, failing, waiting] = Object.keys(machines);

let passed = 0;
let failed = 0;
async function check(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}\n        ${String(error.message ?? error).split("\n").slice(0, 6).join("\n        ")}`);
  }
}
function expect(condition, message) {
  if (!condition) throw new Error(message);
}

// The browser logs every answer of this status itself: that is no complaint where the answer is what we wanted.
function forgive(status) {
  for (let i = complaints.length - 1; i >= 0; i--) {
    if (complaints[i].startsWith("Failed to load resource") && complaints[i].includes(` ${status} `)) complaints.splice(i, 1);
  }
}

async function api(method, where, body) {
  const response = await fetch(`${base}/api/v1${where}`, {
    method, headers: {"Content-Type": "application/json"}, body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  expect(response.ok, `${method} ${where}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}
const start = (machine, body = {}) => api("POST", `/state-machines/${machine}/executions`, body);
const executionPath = (execution) => `/executions/${encodeURIComponent(execution.executionArn)}`;

const profile = mkdtempSync(path.join(tmpdir(), "pawl-browser-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  viewport: {width: 1280, height: 820},
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
context.setDefaultTimeout(patience);
const page = context.pages()[0] ?? await context.newPage();
const complaints = [];
page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
page.on("request", (request) => {
  const url = new URL(request.url());
  if (url.protocol.startsWith("http") && url.origin !== base) complaints.push(`outside request: ${url}`);
});

const visible = (text, options) => page.getByText(text, {exact: true, ...options}).first().waitFor();
const open = (where) => page.goto(base + where);

try {
  for (const [name, definition] of Object.entries(machines)) await api("POST", "/state-machines", {name, definition});

  await check("the first page lists the state machines", async () => {
    await open("/");
    await page.getByRole("link", {name: hello, exact: true}).waitFor();
    expect((await page.title()).startsWith("State machines"), `the title is ${await page.title()}`);
  });

  await check("a state machine's page leads to the form, which starts an execution", async () => {
    await page.getByRole("link", {name: hello, exact: true}).click();
    await visible("No executions yet");
    await page.getByRole("link", {name: "Start execution"}).click();
    await page.getByLabel("Name").fill("from-the-form");
    await page.getByLabel("Input").fill('{"big": 12345678901234567890');
    await page.getByText("Not JSON:").waitFor();
    await page.getByLabel("Input").fill('{"big": 12345678901234567890}');
    await page.getByRole("button", {name: "Start execution"}).click();
    await page.waitForURL(/\/executions\/arn/);
    await visible("Succeeded");
    expect((await page.locator(".panel").first().innerText()).includes("12345678901234567890"), "the input's number has changed");
  });

  await check("a second execution of the same name is refused in words", async () => {
    await open(`/state-machines/${hello}/start`);
    await page.getByLabel("Name").fill("from-the-form");
    await page.getByRole("button", {name: "Start execution"}).click();
    await page.getByRole("alert").getByText("Another execution has this name").waitFor();
    forgive(409);
  });

  await check("names and outputs with markup stay text", async () => {
    await open(executionPath(await start(hello)));
    await visible("Succeeded");
    await page.getByRole("cell", {name: script, exact: true}).first().waitFor();
    expect((await page.locator(".panel").nth(1).innerText()).includes("onerror"), "the output is not shown");
    expect(await page.locator("main script, main img").count() === 0, "markup became elements");
  });

  await check("an event's details open and close", async () => {
    const row = page.getByRole("button", {name: "Execution succeeded"});
    await row.click();
    await visible("ExecutionSucceeded");
    await row.click();
    await page.getByText("ExecutionSucceeded", {exact: true}).waitFor({state: "detached"});
  });

  await check("a failure shows its error and cause as text", async () => {
    await open(executionPath(await start(failing)));
    await visible("Failed");
    const panel = await page.locator(".panel.bad").innerText();
    expect(panel.includes(script) && panel.includes(image), `the panel says ${panel}`);
  });

  await check("a running execution is followed live to its end", async () => {
    const execution = await start(waiting, {name: "live"});
    await open(executionPath(execution));
    await visible("Live");
    await page.getByRole("button", {name: "Wait state entered"}).waitFor();
    await api("POST", `/executions/${encodeURIComponent(execution.executionArn)}/stop`, {error: "Enough"});
    await page.getByRole("button", {name: "Execution aborted"}).waitFor();
    await page.locator(".subtitle").getByText("Aborted").waitFor();
    const ids = await page.locator("tr.event .id").allInnerTexts();
    expect(ids.join() === ids.map((_, i) => String(i + 1)).join(), `the events are ${ids}`);
  });

  await check("the stop button asks, and stops", async () => {
    await open(executionPath(await start(waiting)));
    await page.getByRole("button", {name: "Stop", exact: true}).click();
    await page.getByRole("button", {name: "Let it run"}).click();
    await page.getByRole("button", {name: "Stop", exact: true}).click();
    await page.getByRole("button", {name: "Stop it"}).click();
    await page.locator(".subtitle").getByText("Aborted").waitFor();
  });

  await check("the list of executions filters, and its address keeps the filter", async () => {
    await open(`/executions?namePrefix=live`);
    await page.getByRole("link", {name: "live", exact: true}).first().waitFor();
    await page.getByLabel("Status").selectOption({label: "Running"});
    await page.waitForURL(/status=RUNNING/);
    await visible("No execution matches");
    await page.reload();
    await visible("No execution matches");
  });

  await check("a list shows new executions by itself", async () => {
    await open(`/state-machines/${failing}`);
    await page.getByRole("cell", {name: "Failed"}).first().waitFor();
    await start(failing, {name: "while-you-watch"});
    await page.getByRole("link", {name: "while-you-watch"}).waitFor();
  });

  await check("back and forward work", async () => {
    await page.getByRole("link", {name: "while-you-watch"}).click();
    await page.waitForURL(/while-you-watch/);
    await page.goBack();
    await page.getByRole("heading", {name: failing}).waitFor();
    await page.goForward();
    await page.getByRole("heading", {name: "while-you-watch"}).waitFor();
  });

  await check("no page has complained so far", async () => expect(complaints.length === 0, complaints.join("\n")));

  await check("what does not exist is said so", async () => {
    await open("/executions/arn%3Aaws%3Astates%3Aus-east-1%3A000000000000%3Aexecution%3Anone%3Anone");
    await page.getByRole("alert").getByText("There is no such execution").waitFor();
    await open("/state-machines/none/of/this");
    await visible("There is no such page");
    forgive(404);
  });

  const one = executionPath(await start(hello));
  const pages = {machines: "/", machine: `/state-machines/${hello}`, definition: `/state-machines/${hello}?view=definition`,
    start: `/state-machines/${hello}/start`, executions: "/executions", execution: one};
  for (const scheme of ["light", "dark"]) {
    for (const width of [1280, 400]) {
      await check(`every page fits ${width} pixels, ${scheme}`, async () => {
        await page.emulateMedia({colorScheme: scheme});
        await page.setViewportSize({width, height: 820});
        for (const [name, where] of Object.entries(pages)) {
          await open(where);
          await page.locator("main h1").waitFor();
          await page.waitForTimeout(300);
          if (process.env.SCREENSHOTS) {
            mkdirSync(process.env.SCREENSHOTS, {recursive: true});
            await page.screenshot({path: path.join(process.env.SCREENSHOTS, `${name}-${width}-${scheme}.png`), fullPage: true});
          }
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(wide <= width, `${name} is ${wide} pixels wide`);
        }
      });
    }
  }

  await check("no text became code, and no page complained", async () => {
    expect(await page.evaluate(() => window.hacked === undefined), "a text was run");
    expect(complaints.length === 0, complaints.join("\n"));
  });
} catch (error) {
  failed++;
  console.log(`FAILED  ${error.stack}`);
} finally {
  await context.close();
  rmSync(profile, {recursive: true, force: true});
  for (const name of Object.keys(machines)) await api("DELETE", `/state-machines/${name}`).catch(() => {});
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
