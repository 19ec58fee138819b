// The pictures in docs/screenshots/: node screenshots.mjs BASE FOLDER, against a server on which the examples were played.
import {mkdirSync} from "node:fs";
import path from "node:path";
import {Api, startBrowser} from "./harness.mjs";

const [, , base, folder] = process.argv;
mkdirSync(folder, {recursive: true});
const {browser, open} = await startBrowser(base);
const {executions} = await new Api(base).call("GET", "/executions?limit=100");
const named = (begin) => executions.find((each) => each.name.startsWith(begin));
const at = (execution, query = "") => `/executions/${encodeURIComponent(execution.executionArn)}${query}`;
const failed = named("shipping-fails") ?? executions[0];
const mapped = named("pictures") ?? executions[0];

const pictures = [
  ["graph", at(failed, "?state=ShipOrder"), "light"],
  ["timeline", at(mapped, "?tab=timeline"), "light"],
  ["author", "/author", "dark"],
];
for (const [name, where, colorScheme] of pictures) {
  const page = await open({viewport: {width: 1280, height: 800}, colorScheme});
  await page.goto(where);
  await page.waitForFunction(() => document.querySelector("#page h1") && !document.querySelector(".loading"));
  await page.waitForTimeout(400);
  await page.screenshot({path: path.join(folder, `${name}.png`)});
  await page.context().close();
}
await browser.close();
