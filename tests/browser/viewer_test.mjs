// The viewer in headless Chromium against a server of its own: every page, live updates, deep links, filters, actions,
// dark and narrow, long histories and large definitions, hostile texts. No page may complain, overflow a narrow screen,
// or ask another host for anything.
//
//     PAWL_BIN=build/pawl node viewer_test.mjs [PATTERN]        SCREENSHOTS=FOLDER keeps pictures of what failed
import {Api, Checks, expect, patience, startBrowser, startServer} from "./harness.mjs";
import {answerForFunctions} from "./function_answers.mjs";
import {functions, hostile, image, large, live, many, script, shop, sleeper, spread, tall} from "./machines.mjs";

const server = await startServer(functions);
const {browser, open} = await startBrowser(server.base);
const api = new Api(server.base);
const checks = new Checks(process.argv[2]);
const at = (execution, query = "") => `/executions/${encodeURIComponent(execution.executionArn)}${query}`;

for (const [name, definition] of Object.entries({shop, hostile, live, sleeper, many, spread, tall: tall(25), large: large(500)})) await api.create(name, definition);
const good = await api.run("shop", {name: "good", input: {items: [3, 0, 5]}});
const bad = await api.run("shop", {name: "bad", input: {items: []}});
const hurt = await api.run("hostile", {name: "hurt", input: {[script]: image}});
const asleep = await api.start("sleeper", {name: "asleep"});
const long = await api.run("many", {name: "long", input: Array.from({length: 6200}, (_, i) => i)});
const apart = await api.run("spread", {name: "apart", input: [3, -1, 5]});
const wide = await api.run("large", {name: "wide", input: {n: 2}});

const knows_functions = (await fetch(`${server.base}/api/v1/functions`)).ok;

const page = await open();
const check = (name, body) => checks.check(name, page, body);
const visible = (text, options = {}) => page.getByText(text, {exact: true, ...options}).first().waitFor();
const box = (state) => page.locator(`.graph [data-state=${JSON.stringify(state)}]`);
const hasStatus = (state, status) => page.locator(`.graph [data-state=${JSON.stringify(state)}][data-status="${status}"]`).first().waitFor();
const count = (selector) => page.locator(selector).count();
// What the page's thread works for each of 30 frames, in milliseconds of its own time: other programs do not count.
const devtools = await page.context().newCDPSession(page);
await devtools.send("Performance.enable", {timeDomain: "threadTicks"});
const worked = async () => (await devtools.send("Performance.getMetrics")).metrics.find((metric) => metric.name === "TaskDuration").value * 1000;
async function frames(act) {
  const before = await worked();
  await page.evaluate(`(async () => {
    for (let i = 0; i < 30; i++) {
      ${act};
      await new Promise(requestAnimationFrame);
    }
  })()`);
  return (await worked() - before) / 30;
}

await check("the list shows all executions, newest first", async () => {
  await page.goto("/");
  await page.getByRole("link", {name: "wide", exact: true}).waitFor();
  const names = await page.locator(".executions td.main a").allTextContents();
  expect(names.join() === "wide,apart,long,asleep,hurt,bad,good", `the order is ${names}`);
  await page.expectAccessible("executions");
});

await check("first paint takes less than a second", async () => {
  await page.goto("/executions");
  await page.locator(".executions tbody tr").first().waitFor();
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0);
  expect(paint > 0 && paint < Math.max(1000, patience / 10), `first paint after ${paint} ms`);
});

await check("filters narrow the list, and stand in the address", async () => {
  await page.goto("/executions");
  await page.getByLabel("Status", {exact: true}).selectOption("FAILED");
  await page.getByRole("link", {name: "wide", exact: true}).waitFor({state: "detached"});
  expect(page.url().includes("status=FAILED"), page.url());
  await page.getByLabel("Text in error").fill("NOTHINGTODO");
  await page.getByRole("link", {name: "hurt", exact: true}).waitFor({state: "detached"});
  expect(await count(".executions tbody tr") === 1, "only one failed that way");
  await page.reload();
  await page.getByRole("link", {name: "bad", exact: true}).waitFor();
  await page.getByLabel("Text in error").fill("no such text");
  await visible("Nothing fits these filters");
  await page.getByRole("button", {name: "Clear"}).click();
  await page.getByRole("link", {name: "wide", exact: true}).waitFor();
  await page.goto("/executions?machine=shop&name=go");
  await page.getByRole("link", {name: "good", exact: true}).waitFor();
  expect(await count(".executions tbody tr") === 1, "machine and name");
  await page.goto("/executions?to=2001-01-01T00:00");
  await visible("Nothing fits these filters");
});

await check("the graph shows what happened", async () => {
  await page.goto(at(good));
  await hasStatus("Check", "succeeded");
  await hasStatus("Charge", "succeeded");
  await hasStatus("Ship", "caught");
  await hasStatus("Nothing to do", "unreached");
  await page.locator('.line[data-from="Ship"][data-to="Apologise"][data-taken="yes"]').waitFor({state: "attached"});
  expect(await count('.line[data-to="Nothing to do"][data-taken="yes"]') === 0, "that way was not taken");
  await visible("3 of 3 done");
  await page.expectAccessible("execution");
});

await check("a badge covers no name", async () => {
  await page.goto(at(good));
  await box("Charge").locator(".badge", {hasText: "1 retry"}).waitFor();
  const badge = await box("Charge").locator(".badge").boundingBox();
  const title = await box("Charge").locator(".box-title").boundingBox();
  expect(badge.y + badge.height <= title.y, `the badge ends at ${badge.y + badge.height}, the name begins at ${title.y}`);
});

await check("a failed execution opens where it failed, and its error leads there", async () => {
  const execution = await api.run("tall", {name: "tall-1"});
  await page.goto(at(execution));
  await hasStatus("Compute", "failed");
  const frame = await page.locator(".graph-frame").boundingBox();
  const isInView = async (state) => {
    const {y, height} = await box(state).locator(".box").boundingBox();
    return y >= frame.y && y + height <= frame.y + frame.height;
  };
  expect(await isInView("Compute") && !await isInView("Step 1"), "it shows what failed, not the beginning");
  await page.goto(at(execution, "?tab=events"));
  await page.locator(".execution > .failure").getByRole("link", {name: "States.QueryEvaluationError"}).click();
  await page.getByRole("complementary", {name: "State Compute"}).getByText("$nothing + 1", {exact: false}).first().waitFor();
  await hasStatus("Compute", "failed");
  await page.expectAccessible("a failed execution");
});

await check("a state is inspected, with its errors and attempts", async () => {
  await page.goto(at(good));
  await hasStatus("Ship", "caught");
  await page.getByRole("button", {name: "Fit the whole graph"}).click();
  await box("Ship").click();
  const inspector = page.getByRole("complementary", {name: "State Ship"});
  await inspector.waitFor();
  await inspector.getByText("it is <b>broken</b>", {exact: true}).first().waitFor();
  expect(page.url().includes("state=Ship"), page.url());
  await page.getByRole("button", {name: "Fit the whole graph"}).click();
  await box("Charge").click();
  await page.getByText("2 attempts", {exact: true}).waitFor();
  await page.locator(".attempt-head").first().click();
  await visible("not this time");
  if (!knows_functions) {
    await page.getByText("This server does not give out functions' logs.").waitFor();
    page.forgive(404);
  }
  await page.expectAccessible("inspector");
});

await check("data is searched, and paths and values are copied", async () => {
  await page.goto(at(good, "?tab=data"));
  const tree = page.getByRole("region", {name: "Output", exact: true});
  await tree.getByRole("button", {name: "Fold $.both", exact: true}).waitFor();
  await page.getByLabel("Search in Output", {exact: true}).fill("charged");
  await tree.locator("mark", {hasText: "charged"}).waitFor();
  await tree.getByText("prepared", {exact: true}).waitFor({state: "detached"});
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await tree.getByText("charged", {exact: true}).hover();
  await page.getByRole("button", {name: "Copy path $.both[0].charged"}).click();
  expect(await clipboard() === "$.both[0].charged", await clipboard());
  await page.getByRole("button", {name: "Copy value of $.both[0].charged"}).click();
  expect(await clipboard() === "2", await clipboard());
  await page.getByRole("button", {name: "Copy Output", exact: true}).click();
  expect(JSON.parse(await clipboard()).items.length === 3, "the whole document");
});

await check("data is shown step by step and compared", async () => {
  await page.goto(at(good, "?state=Prepare&data=input"));
  await page.getByRole("button", {name: "Output", exact: true}).waitFor();
  await page.getByLabel("Compare with").selectOption("output");
  await page.locator(".diff-line.removed").first().waitFor();
  expect(page.url().includes("diff=output"), page.url());
  await page.getByRole("button", {name: "Variables after", exact: true}).click();
  await page.getByLabel("Compare with").selectOption("variables-before");
  await page.locator(".diff-line.added", {hasText: "first"}).waitFor();
  page.complaints.splice(0);  // where TestState is missing, the browser reports the answer
});

await check("iterations are picked", async () => {
  await page.goto(at(good));
  await page.getByLabel("Iteration of Each").waitFor();
  await hasStatus("Skip", "succeeded");
  await page.getByLabel("Iteration of Each").fill("0");
  await page.keyboard.press("Enter");
  await hasStatus("Skip", "unreached");
  await page.getByRole("button", {name: "Later iteration"}).click();
  await hasStatus("Skip", "succeeded");
  await hasStatus("Pack", "unreached");
  expect(page.url().includes("map=Each~1") || page.url().includes("map=Each%7E1"), page.url());
});

await check("the keyboard walks through the graph and closes what is open", async () => {
  await page.goto(at(good));
  await hasStatus("Check", "succeeded");
  await page.locator(".graph-frame").focus();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("complementary", {name: "State Check"}).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("complementary", {name: "State Check"}).waitFor({state: "detached"});
  const before = await page.locator(".graph").getAttribute("data-zoom");
  await page.keyboard.press("+");
  expect(await page.locator(".graph").getAttribute("data-zoom") !== before, "plus zooms");
  await page.keyboard.press("Escape");
  await page.locator(".inspector").waitFor({state: "detached"});
});

await check("the timeline shows attempts, branches and iterations, and zooms", async () => {
  await page.goto(at(good, "?tab=timeline"));
  await page.getByRole("button", {name: "Charge", exact: true}).waitFor();
  expect(await count(".bar.attempt") >= 3, "attempts have bars");
  await visible("branch 1");
  await visible("iteration 2");
  await page.locator(".bar.attempt.failed").first().hover();
  await page.locator(".tip").getByText("Duration").waitFor();
  await page.getByRole("button", {name: "Zoom in"}).click();
  expect(await page.getByRole("button", {name: "Show all"}).isEnabled(), "it is zoomed");
  await page.getByRole("button", {name: "Show all"}).click();
  const {bar, area} = await page.evaluate(() => {
    const last = [...document.querySelectorAll(".timeline-row")].pop();  // Done, which begins when all ends
    return {bar: last.querySelector(".bar").getBoundingClientRect().toJSON(), area: last.querySelector(".timeline-bars").getBoundingClientRect().toJSON()};
  });
  expect(bar.width >= 3 && bar.right <= area.right + 0.5, `the last state's bar reaches from ${bar.left} to ${bar.right}, the axis to ${area.right}`);
  const cut = await page.evaluate(() => {
    const {right} = document.querySelector(".timeline-axis").getBoundingClientRect();
    return [...document.querySelectorAll(".tick")].filter((tick) => tick.getBoundingClientRect().right > right).map((tick) => tick.textContent);
  });
  expect(cut.length === 0, `marks are cut: ${cut}`);
  await page.getByRole("button", {name: "Fold Both"}).click();
  await page.getByRole("button", {name: "Charge", exact: true}).waitFor({state: "detached"});
  await page.expectAccessible("timeline");
});

await check("events are searched, linked to, and lead to their states", async () => {
  await page.goto(at(good, "?tab=events&event=3"));
  await page.getByRole("complementary", {name: "Event 3"}).waitFor();
  await page.getByLabel("Search events").fill("broken");
  await page.locator(".list-tools .count", {hasText: " of "}).waitFor();
  await page.locator(".event-row.bad", {hasText: "Ship"}).locator(".event-type").first().click();
  await page.getByRole("complementary", {name: /^Event/}).getByText("it is <b>broken</b>").first().waitFor();
  await page.expectAccessible("events");
  await page.locator(".detail .facts .link", {hasText: "Ship"}).click();
  await page.getByRole("complementary", {name: "State Ship"}).waitFor();
  await page.goBack();
  await page.locator(".events-page").waitFor();
});

await check("a running execution changes its colours without a reload", async () => {
  const execution = await api.start("live", {name: "live-1"});
  await page.goto(at(execution, "?state=Ask"));
  await hasStatus("Ask", "running");
  await page.evaluate(() => { window.stayed = true; });
  await visible("Live");
  await page.getByRole("button", {name: "Answer…"}).click();
  await page.locator("dialog").getByText("send-task-success").waitFor();
  await page.getByLabel("Output", {exact: true}).fill("{\"answered\": tru");
  expect(await page.getByRole("button", {name: "Send"}).isDisabled(), "broken JSON is not sent");
  await page.getByLabel("Output", {exact: true}).fill("{\"answered\": true}");
  await page.getByRole("button", {name: "Send"}).click();
  await hasStatus("Ask", "succeeded");
  await hasStatus("After", "succeeded");
  await page.locator(".status-line .pill.succeeded").waitFor();
  expect(await page.evaluate(() => window.stayed === true), "it was not loaded again");
});

await check("an execution is stopped, with a reason and the AWS CLI's command", async () => {
  await page.goto(at(asleep));
  await page.getByRole("button", {name: "Stop…"}).click();
  await page.getByLabel("Error (optional)").fill("Why's not");
  const command = await page.locator("dialog .cli pre").textContent();
  expect(command.includes("stop-execution") && command.includes("'Why'\\''s not'"), command);
  await page.expectAccessible("stop");
  await page.getByRole("button", {name: "Stop it"}).click();
  await page.locator(".status-line .pill.aborted").waitFor();
  await hasStatus("Sleep", "aborted");
});

await check("many are stopped at once, after a preview", async () => {
  for (const name of ["bulk-1", "bulk-2", "bulk-3"]) await api.start("sleeper", {name});
  await page.goto("/executions?status=RUNNING");
  for (const name of ["bulk-1", "bulk-3"]) await page.getByLabel(`Mark ${name}`, {exact: true}).check();
  await page.getByRole("button", {name: "Stop 2…"}).click();
  await page.locator("dialog td", {hasText: "bulk-1"}).waitFor();
  expect(await page.locator("dialog td", {hasText: "bulk-2"}).count() === 0, "only what was marked");
  await page.locator("dialog").getByRole("button", {name: "Stop 2 executions"}).click();
  await page.getByText("2 of 2", {exact: true}).waitFor();
  await page.getByRole("button", {name: "Close"}).last().click();
  await page.getByRole("link", {name: "bulk-1", exact: true}).waitFor({state: "detached"});
  await page.getByRole("link", {name: "bulk-2", exact: true}).waitFor();
});

await check("many are redriven at once, after a preview, and one alone", async () => {
  await page.goto("/executions?name=bulk");
  await page.getByRole("link", {name: "bulk-3", exact: true}).waitFor();
  await page.keyboard.press("j");  // bulk-3, then bulk-2, which runs, then bulk-1
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await visible("2 executions marked");
  await page.getByRole("button", {name: "Redrive 1…"}).click();
  await page.locator("dialog td", {hasText: "bulk-3"}).waitFor();
  await page.locator("dialog .cli").getByText("redrive-execution").waitFor();
  await page.locator("dialog").getByRole("button", {name: "Redrive 1 execution"}).click();
  await page.getByText("1 of 1", {exact: true}).waitFor();
  await page.getByRole("button", {name: "Close"}).last().click();
  await page.locator("tr", {hasText: "bulk-3"}).locator(".pill.running").waitFor();
  await page.getByRole("link", {name: "bulk-1", exact: true}).click();
  await page.getByRole("button", {name: "Redrive…"}).click();
  await page.locator("dialog .cli").getByText("redrive-execution").waitFor();
  await page.getByRole("button", {name: "Redrive it"}).click();
  await visible("redriven 1×");
  await hasStatus("Sleep", "running");
});

await check("a distributed Map leads to its children, and they lead back", async () => {
  await page.goto(at(apart, "?state=Each"));
  await hasStatus("Each", "succeeded");
  await box("Each").locator(".badge", {hasText: /2 ✓\s+1 ✗/}).waitFor();
  const items = page.getByRole("complementary", {name: "State Each"}).getByRole("figure", {name: "Items by status"});
  await items.getByText("Failed 1", {exact: true}).waitFor();
  await items.getByText("Succeeded 2", {exact: true}).waitFor();
  const children = page.getByRole("list", {name: "Children"});
  await children.getByRole("link").nth(2).waitFor();
  await page.getByLabel("Which children").selectOption("FAILED");
  await children.getByRole("link").nth(1).waitFor({state: "detached"});
  await page.expectAccessible("map run in the inspector");
  await page.getByRole("link", {name: "all children"}).click();
  await page.getByRole("heading", {name: "Map Run of Each"}).waitFor();
  await page.locator(".executions tbody tr").nth(2).waitFor();
  expect(await count(".executions tbody tr") === 3, "three children");
  await page.expectAccessible("map run");
  await page.getByLabel("Status", {exact: true}).selectOption("FAILED");
  await page.locator(".executions tbody tr").nth(1).waitFor({state: "detached"});
  await page.locator(".executions td.main a").click();
  await hasStatus("No", "failed");
  await hasStatus("Pack", "unreached");
  expect(await count('.graph [data-state="Each"]') === 0, "a child's graph is the Map's processor");
  await visible("item 1");
  await page.getByRole("navigation", {name: "Breadcrumb"}).getByRole("link", {name: "apart"}).click();
  await page.getByRole("complementary", {name: "State Each"}).waitFor();
  await box("Pack").click();
  await page.getByText("It ran in executions of its own").waitFor();
});

await check("an execution is started again with its input changed", async () => {
  await page.goto(at(bad));
  await visible("NothingToDo");
  await page.getByRole("link", {name: "Start again…"}).click();
  const input = page.getByLabel("Input", {exact: true});
  await page.waitForFunction(() => document.querySelector("textarea")?.value.includes("items"));
  await input.fill("{\"items\":");
  expect(await page.getByRole("button", {name: "Start", exact: true}).isDisabled(), "broken JSON does not start");
  await page.expectAccessible("start");
  await input.fill("{\"items\": [], \"again\": true}");
  await page.getByRole("button", {name: "Start", exact: true}).click();
  await page.locator(".status-line .pill.failed").waitFor();
  await page.goto("/state-machines/shop/start");
  await page.locator(".remembered li", {hasText: "\"again\": true"}).waitFor();
});

await check("the list follows what happens", async () => {
  await page.goto("/executions?machine=live");
  await page.getByRole("link", {name: "live-1", exact: true}).waitFor();
  await api.start("live", {name: "live-2"});
  await page.getByRole("link", {name: "live-2", exact: true}).waitFor();
});

await check("state machines: list, graph, definition, revisions, statistics", async () => {
  await page.goto("/state-machines");
  await page.getByRole("link", {name: "shop", exact: true}).click();
  await page.getByRole("link", {name: "good", exact: true}).waitFor();
  await page.getByRole("link", {name: "Graph"}).click();
  await box("Ship").waitFor();
  await page.getByRole("link", {name: "Definition"}).click();
  await page.locator(".editor .token-name", {hasText: "StartAt"}).first().waitFor();
  await page.expectAccessible("definition");
  await page.getByRole("link", {name: "Statistics"}).click();
  await page.locator(".statistics td.main", {hasText: "Charge"}).waitFor();
  await page.expectAccessible("statistics");
  await page.getByRole("link", {name: "Revisions"}).click();
  await page.getByText("There is one revision").waitFor();
  await api.call("PUT", "/state-machines/hostile", {definition: {...hostile, Comment: script}});
  await page.goto("/state-machines/hostile?tab=revisions");
  await page.locator(".diff-line.added", {hasText: "Comment"}).waitFor();
  const {version} = await api.call("POST", "/state-machines/shop/versions", {description: "first"});
  await api.call("POST", "/state-machines/shop/aliases", {name: "live", weights: {[version]: 100}});
  await page.goto("/state-machines/shop?tab=versions");
  await page.getByRole("row", {name: "live 100% version 1"}).waitFor();
  await page.goto(at(hurt));
  await box(script).waitFor();
});

await check("writing a definition shows mistakes, the graph, and creates it", async () => {
  await page.goto("/author");
  await page.locator(".graph [data-state]").first().waitFor();
  await visible("Valid");
  const text = page.getByLabel("Definition", {exact: true});
  await text.fill(JSON.stringify({StartAt: "A", States: {A: {Type: "Pass", Next: "Nowhere"}}}, null, 2));
  await page.locator(".diagnostics li.error").first().waitFor();
  await page.locator(".code-line.error").first().waitFor();
  await box("A").waitFor();
  await page.expectAccessible("author");
  await text.fill("StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n  B:\n    Type: Succeed\n");
  await box("B").waitFor();
  await visible("Valid");
  await page.getByLabel("State", {exact: true}).selectOption("A");
  await page.getByLabel("Sample input", {exact: true}).fill("{\"n\": 41}");
  await page.getByRole("button", {name: "Run A"}).click();
  await page.locator(".test-answer").getByText("next: B").waitFor();
  await page.locator(".test-answer .json-number", {hasText: "41"}).first().waitFor();
  const create = page.getByRole("button", {name: "Create"});
  expect(await create.isDisabled() && await create.getAttribute("title") === "Give it a name first", "it says why not");
  await text.fill("StartAt: [");
  await visible("The text can't be read: this is the graph of the last one that could.");
  expect(await create.getAttribute("title") === "The definition has errors", "it says why not");
  await text.fill("StartAt: A\nStates:\n  A:\n    Type: Pass\n    End: true\n");
  await page.getByLabel("Name of the new state machine").fill("written");
  await create.click();
  await page.getByRole("heading", {name: "written"}).waitFor();
  expect((await api.call("GET", "/state-machines/written")).type === "STANDARD", "Standard unless asked otherwise");
});

await check("an Express machine is written, with its own rules, and a machine is deleted", async () => {
  await page.goto("/author");
  await visible("Valid");
  await page.getByLabel("Definition", {exact: true}).fill(JSON.stringify({StartAt: "T", States: {T: {Type: "Task", End: true,
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken", Parameters: {FunctionName: "f", Payload: {"t.$": "$$.Task.Token"}}}}}));
  await visible("Valid");
  await page.getByLabel("Type", {exact: true}).selectOption("Express");
  await page.locator(".diagnostics li.error").first().waitFor();  // no task tokens in Express
  await page.getByLabel("Definition", {exact: true}).fill(JSON.stringify({StartAt: "A", States: {A: {Type: "Succeed"}}}));
  await page.getByLabel("Name of the new state machine").fill("quick");
  await page.getByRole("button", {name: "Create"}).and(page.locator(":enabled")).click();
  await page.getByRole("heading", {name: "quick"}).waitFor();
  expect((await api.call("GET", "/state-machines/quick")).type === "EXPRESS", "it is Express");
  await page.getByRole("button", {name: "Delete…"}).click();
  await page.locator("dialog .cli").getByText("delete-state-machine").waitFor();
  await page.expectAccessible("the question before deleting");
  await page.getByRole("button", {name: "Keep it"}).click();
  await page.getByRole("button", {name: "Delete…"}).click();
  await page.getByRole("button", {name: "Delete it"}).click();
  await page.getByRole("heading", {name: "State machines"}).waitFor();
  await page.goto("/state-machines/quick");
  await page.getByRole("link", {name: "All state machines"}).waitFor();
  page.forgive(404);
});

// Where the server has no such routes yet, their answers are made up here, as src/api/types.ts describes them.
if (!knows_functions) {
  await check("functions that the server does not show are said to be missing", async () => {
    await page.goto("/functions");
    await visible("Functions can't be shown");
    page.forgive(404);
  });
  await answerForFunctions(page);
}

await check("functions: list, invocations, durations, logs, live", async () => {
  await page.goto("/functions");
  await page.getByRole("row", {name: /^flaky /}).waitFor();
  await page.expectAccessible("functions");
  await page.getByRole("link", {name: "flaky", exact: true}).click();
  await page.locator(".invocations-list tbody tr").nth(1).waitFor();
  expect(await count(".duration.failed") >= 1 && await count(".duration.succeeded") >= 1, "a bar for each invocation");
  await page.getByRole("row", {name: /Again/}).getByRole("button").click();
  await page.getByRole("complementary", {name: "Log"}).getByText("call 1").waitFor();
  expect(page.url().includes("request="), page.url());
  await page.expectAccessible("function");
  await page.reload();
  await page.getByRole("complementary", {name: "Log"}).getByText("call 1").waitFor();
  await page.getByRole("link", {name: "Log", exact: true}).click();
  await page.getByRole("region", {name: "What it printed"}).getByText("call 2").waitFor();
  const before = await page.evaluate(() => document.querySelector(".log").textContent.length);
  await api.run("shop", {input: {items: [1]}});
  await page.waitForFunction((length) => document.querySelector(".log").textContent.length > length, before);
});

await check("nothing inline runs, and nobody frames the page", async () => {
  const response = await page.goto("/executions");
  const policy = response.headers()["content-security-policy"];
  expect(/script-src 'self'(;|$)/.test(policy) && !policy.includes("unsafe"), policy);
  expect(policy.includes("frame-ancestors 'none'"), policy);
});

await check("hostile texts stay texts everywhere", async () => {
  for (const query of ["", "?tab=timeline", "?tab=events&event=2", "?tab=data", `?state=${encodeURIComponent(script)}`, `?state=${encodeURIComponent(image)}&data=input`]) {
    await page.goto(at(hurt, query));
    await page.getByText(script, {exact: false}).first().waitFor();
  }
  for (const where of ["/state-machines/hostile?tab=graph", "/state-machines/hostile?tab=definition", "/state-machines/hostile?tab=statistics",
    `/executions?error=${encodeURIComponent(script)}`, `/executions?name=${encodeURIComponent(image)}`]) {
    await page.goto(where);
    await page.locator("#page h1").waitFor();
  }
  await page.waitForTimeout(200);
  expect(await page.evaluate(() => window.hacked === undefined), "a script ran");
  expect(await page.locator("img[src=x]").count() === 0, "an image was made");
});

await check("a history of 25,000 events stays quick", async () => {
  await page.goto(at(long, "?tab=events"));
  await page.waitForFunction(() => /^24,8\d\d events/.test(document.querySelector(".list-tools .count")?.textContent ?? ""), null, {timeout: 4 * patience});
  expect(await count(".event-row") < 120, "only what can be seen is in the document");
  const scrolling = await frames("document.querySelector('.events').scrollTop = i * 20000");
  expect(scrolling < 100, `scrolling: ${scrolling} ms a frame`);
  await page.getByLabel("Search events").fill("iteration failed");
  await page.getByText("No event has this text.", {exact: false}).waitFor();
  await page.goto(at(long, "?tab=timeline"));
  await page.getByRole("button", {name: "Items", exact: true}).waitFor();
  const timeline = await frames("document.querySelector('.timeline-rows').scrollTop = i * 5000");
  expect(timeline < 100, `the timeline: ${timeline} ms a frame`);
  await page.goto(at(long));
  await hasStatus("One", "succeeded");
  await visible("6200 of 6200 done");
});

await check("a definition of 500 states stays smooth", async () => {
  await page.goto(at(wide));
  await hasStatus("State 0", "succeeded");
  expect(await count(".graph [data-state]") === 500, "all are drawn");
  await page.getByRole("button", {name: "Fit the whole graph"}).click();
  const panning = await frames("document.querySelector('.graph-frame').dispatchEvent(new WheelEvent('wheel', {deltaX: 7, deltaY: 40, bubbles: true, cancelable: true}))");
  expect(panning < 100, `panning: ${panning} ms a frame`);
  const zooming = await frames("document.querySelector('.graph-frame').dispatchEvent(new WheelEvent('wheel', {deltaY: i % 2 ? 60 : -70, ctrlKey: true, clientX: 400, clientY: 400, bubbles: true, cancelable: true}))");
  expect(zooming < 100, `zooming: ${zooming} ms a frame`);
});

await check("help, theme and the way back", async () => {
  await page.goto("/executions");
  await page.getByRole("link", {name: "good", exact: true}).waitFor();
  await page.keyboard.press("?");
  await page.locator("dialog").getByText("state machines").waitFor();
  await page.expectAccessible("help");
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({state: "detached"});
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.getByRole("heading", {name: "State machines"}).waitFor();
  await page.goBack();
  await page.getByRole("heading", {name: "Executions"}).waitFor();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.emulateMedia({colorScheme: "dark"});
  expect(await ground() !== light, "the system's choice counts");
  await page.emulateMedia({colorScheme: "light"});
  await page.getByRole("button", {name: "Colours: system"}).click();
  await page.getByRole("button", {name: "Colours: light"}).click();
  expect(await ground() !== light, "one's own choice counts more");
  await page.getByRole("button", {name: "Colours: dark"}).click();
  expect(await ground() === light, "and is undone");
});

await check("what does not exist is said to", async () => {
  await page.goto(`/executions/${encodeURIComponent("arn:aws:states:us-east-1:000000000000:execution:shop:never")}`);
  await page.getByRole("alert").getByRole("link", {name: "All executions"}).waitFor();
  page.forgive(404);
  await page.goto("/executions/nix");
  await page.getByRole("alert").getByRole("link", {name: "All executions"}).waitFor();
  page.forgive(400);
  await page.goto("/state-machines/none");
  await page.getByRole("alert").getByRole("link", {name: "All state machines"}).waitFor();
  page.forgive(404);
});

await check("a machine is started by its ARN, and called by its name", async () => {
  await page.goto(`/state-machines/${encodeURIComponent("arn:aws:states:us-east-1:000000000000:stateMachine:shop")}/start`);
  await page.getByRole("heading", {name: "Start shop", exact: true}).waitFor();
});

await check("filters stand in one row, and the bar above the page", async () => {
  const size = page.viewportSize();
  for (const width of [1280, 2560]) {
    await page.setViewportSize({width, height: 900});
    await page.goto("/executions");
    await page.getByRole("link", {name: "good", exact: true}).waitFor();
    const {from, to, brand, title} = await page.evaluate(() => {
      const box = (selector) => document.querySelector(selector).getBoundingClientRect();
      return {from: box("[aria-label='Started after']").top, to: box("[aria-label='Started before']").top, brand: box(".brand").left, title: box("h1").left};
    });
    expect(from === to, `at ${width} "from" is at ${from} and "to" at ${to}`);
    expect(Math.abs(brand - title) < 1, `at ${width} the brand is at ${brand} and the title at ${title}`);
  }
  await page.setViewportSize(size);
});

const addresses = ["/executions", at(good), at(good, "?state=Ship"), at(good, "?tab=timeline&state=Charge"), at(good, "?tab=events&event=5"), at(good, "?tab=data"), "/state-machines",
  "/state-machines/shop", "/state-machines/shop?tab=graph", "/state-machines/shop?tab=definition", "/state-machines/shop?tab=statistics", "/state-machines/shop/start", "/functions", "/author"];
for (const [what, options] of [["a narrow, dark screen", {viewport: {width: 400, height: 800}, colorScheme: "dark", hasTouch: true}], ["a wide screen", {viewport: {width: 2560, height: 1300}}]]) {
  const other = await open(options);
  await checks.check(`every page fits ${what}`, other, async () => {
    for (const where of addresses) {
      await other.goto(where);
      await other.locator("#page h1").waitFor();
      await other.waitForFunction(() => !document.querySelector(".loading"));
      await other.expectFits(where);
      if (options.hasTouch) await other.expectAccessible(where);
      other.forgive(404);
    }
  });
  await other.context().close();
}

const phone = await open({viewport: {width: 390, height: 844}, hasTouch: true});
await checks.check("a phone shows the whole navigation, the states of events, and errors in whole words", phone, async () => {
  const isWithin = (inner, outer) => inner.x >= outer.x - 0.5 && inner.x + inner.width <= outer.x + outer.width + 0.5;
  await phone.goto(at(good, "?tab=events"));
  const nav = phone.getByRole("navigation", {name: "Main"});
  for (const link of await nav.getByRole("link").all()) expect(isWithin(await link.boundingBox(), await nav.boundingBox()), `${await link.textContent()} is cut`);
  const row = phone.locator(".event-row", {hasText: "Check"}).first();
  const type = await row.locator(".event-type").boundingBox();
  const state = await row.locator(".event-state").boundingBox();
  const whole = await row.boundingBox();
  expect(state.y >= type.y + type.height - 1 && state.y + state.height <= whole.y + whole.height, "the state stands under the event, in its row");
  await phone.goto(at(good, "?state=Ship"));
  const head = phone.locator(".failure-head").first();
  const lineHeight = (selector) => head.locator(selector).evaluate((each) => each.getClientRects().length === 1 && each.getBoundingClientRect().height);
  for (const selector of ["span", "button"]) expect(await lineHeight(selector) < 34, `${selector} is in pieces: ${await lineHeight(selector)}`);
});
await phone.context().close();

await browser.close();
await server.stop();
console.log(`\n${checks.passed} passed, ${checks.failed} failed`);
process.exitCode = checks.failed === 0 && checks.passed > 0 ? 0 : 1;
